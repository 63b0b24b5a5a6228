"""What changes the archive: one function per act."""

from gongkai.records.services.appraisal import decide_appraisal, propose_appraisal
from gongkai.records.services.custody import lend, put_in_box, return_loan, save_box
from gongkai.records.services.filing import (
    close_files,
    file_away,
    fonds_for,
    may_open,
    note_opening,
    plain,
    stage,
    verify,
)
from gongkai.records.services.paper import file_paper
from gongkai.records.services.settings import save_fonds, save_retention
from gongkai.records.services.storing import Staged, as_download
from gongkai.records.services.transfer import make_transfer_list, sign_transfer_list

__all__ = [
    "Staged",
    "as_download",
    "close_files",
    "decide_appraisal",
    "file_away",
    "file_paper",
    "fonds_for",
    "lend",
    "make_transfer_list",
    "may_open",
    "note_opening",
    "plain",
    "propose_appraisal",
    "put_in_box",
    "return_loan",
    "save_box",
    "save_fonds",
    "save_retention",
    "sign_transfer_list",
    "stage",
    "verify",
]
