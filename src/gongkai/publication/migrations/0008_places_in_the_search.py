from django.db import migrations


def fill(apps, schema_editor):
    # Everything public and everything withdrawn learns where it stands, so that the next look at all changes nothing.
    Doc = apps.get_model("search", "SearchDoc")
    Withdrawn = apps.get_model("search", "Withdrawn")
    Page = apps.get_model("publication", "DisclosurePage")
    Policy = apps.get_model("publication", "PolicyPage")
    Document = apps.get_model("normative", "Document")
    columns = {}
    for pk, column, organ in Page.objects.values_list("pk", "column_id", "organ_id").iterator(chunk_size=5000):
        columns[f"page:{pk}"] = (column, organ)
    entries = Policy.objects.filter(shown=True, register_entry__isnull=False).order_by("pk")
    placed = {f"document:{e}": c for e, c in entries.values_list("register_entry_id", "column_id")}
    todo = []
    for position, key in list(Doc.objects.filter(column__isnull=True).values_list("position", "key")):
        column = columns.get(key, (placed.get(key), None))[0]
        if column is not None:
            todo.append(Doc(position=position, column=column))
    Doc.objects.bulk_update(todo, ["column"], batch_size=300)
    organs = {f"document:{pk}": organ for pk, organ in Document.objects.values_list("pk", "organ_id")}
    for pk, key in list(Withdrawn.objects.filter(organ__isnull=True).values_list("pk", "key")):
        column, organ = columns.get(key, (placed.get(key), organs.get(key)))
        if column is not None or organ is not None:
            # By query: saving the row would make the withdrawal one of today.
            Withdrawn.objects.filter(pk=pk).update(column=column, organ_id=organ)


class Migration(migrations.Migration):
    dependencies = [
        ("publication", "0007_packed_pages"),
        ("search", "0006_places"),
        ("normative", "0004_library_index"),
    ]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
