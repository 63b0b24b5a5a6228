"""Django app configuration."""

from importlib import import_module

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "gongkai.publication"
    label = "publication"
    verbose_name = "主动公开"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate
        from wagtail.signals import page_published, page_unpublished

        from gongkai.normative.services.core import register_listener
        from gongkai.organs.services import register_group_provisioner, register_structure_listener
        from gongkai.publication import (
            policies,
            receivers,
            search_documents,
            search_frames,
            search_standards,
            treepath,
        )
        from gongkai.publication.review import workflow
        from gongkai.publication.services.following import follow
        from gongkai.publication.services.sections import follow_organ, provision
        from gongkai.publication.triggers import install_triggers

        treepath.install()
        policies.register()
        import_module("gongkai.publication.review.services")  # its guard stands before every publication
        workflow.still()
        register_group_provisioner(provision)
        register_structure_listener(follow_organ)
        register_listener(follow)
        page_published.connect(receivers.published, dispatch_uid="publication.published")
        import_module(
            "gongkai.publication.register"
        ).setup()  # after the receivers: it reads what they have written
        page_unpublished.connect(receivers.unpublished, dispatch_uid="publication.unpublished")
        search_documents.setup()  # after the receivers: the search reads what they have written
        search_frames.setup()
        search_standards.setup()
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="publication.triggers")
