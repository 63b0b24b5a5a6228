"""What Wagtail does when a workflow of ours ends: nothing. The signing service publishes, in the same transaction, after
its own checks; Wagtail's default would publish a version whatever the form says.

Imported while Wagtail's models load, so this module imports nothing.
"""


def finished(workflow_state: object, user: object = None) -> None:
    """``WAGTAIL_FINISH_WORKFLOW_ACTION``."""
