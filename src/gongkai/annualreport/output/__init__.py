"""What a check found, for people and programs: terminal, JSON, HTML and XLSX.

The unit is :class:`Checked`: one file's report with its findings, or the reason why it could not be read.
"""

from .results import Checked, finding_dict, results_json
from .sheets import results_xlsx
from .web import results_html

__all__ = ["Checked", "finding_dict", "results_html", "results_json", "results_xlsx"]
