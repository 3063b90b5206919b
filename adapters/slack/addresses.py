"""Which addresses are Slack's own. Others stand in payloads too, and none of them is shown a token or an answer."""

from core.addresses import climbs, plain_address

_FILES = "/files-pri/"
"""Where Slack keeps what was uploaded to it (docs.slack.dev/reference/objects/file-object, url_private)."""


def is_slacks(address: str, api_url: str) -> bool:
    """Whether it is on the Web API's own host or one below it, as hooks.slack.com and files.slack.com are."""
    found, api = plain_address(address), plain_address(api_url)
    if found is None or api is None or found.scheme != api.scheme or found.port != api.port:
        return False
    host, own = found.hostname or "", api.hostname or "?"
    return host == own or host.endswith(f".{own}")


def is_file_of_slacks(address: str, api_url: str) -> bool:
    """Whether it is that of a file which Slack keeps.

    Any app can add a "remote" file whose address it chooses, one of the Web API's too: called with our token, that
    would do in our name whatever it says (docs.slack.dev/reference/methods/files.remote.add).
    """
    found = plain_address(address)
    if found is None or not found.path.startswith(_FILES) or not is_slacks(address, api_url):
        return False
    return not climbs(found.path)
