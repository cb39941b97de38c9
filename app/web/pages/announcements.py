"""What is said when a link shows something else of the same moment."""

from starlette.requests import Request

from app.messages.announcements import AFTER_LINK
from app.views.diagram.bundles import unfolded_sentence
from app.views.options import ViewOptions
from app.views.pages.lab import LabPage
from app.web.http.templating import is_htmx
from app.web.pages.options import query_in_view


def said_of_link(request: Request, lab: LabPage, look: ViewOptions) -> str | None:
    """One sentence about what a link has changed, "" where nothing need be said.

    None where the page is new, or every word on it is.
    """
    if not is_htmx(request):
        return None
    shown = query_in_view(request)
    told = ("notation", "biases", "digits", "edit", "check", "sample", "unfold")
    changed = {key for key in told if shown.get(key) != request.query_params.get(key)}
    if "notation" in changed:
        return None
    if "sample" in changed and lab.sample:
        return lab.sample.sentence
    if "unfold" in changed:
        return unfolded_sentence(lab.diagram.folds)
    if "check" in changed and look.check:
        return _check(lab)
    if "edit" in changed:
        return AFTER_LINK["fields" if look.edit else "no_fields"]
    if "biases" in changed:
        return AFTER_LINK["bias_nodes" if look.bias_nodes else "bias_rows"]
    if "digits" in changed:
        return AFTER_LINK["digits"].format(digits=look.digits)
    return AFTER_LINK["no_check"] if "check" in changed else ""


def _check(lab: LabPage) -> str:
    if lab.check is None:
        return lab.check_refused or AFTER_LINK["check_early"]
    code = "check_good" if lab.check.verdict == "good" else "check_bad"
    code = code if lab.check.largest else "check_rounding"
    return AFTER_LINK[code].format(largest=lab.check.largest)
