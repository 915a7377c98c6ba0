"""Follows every link of the site with Django's test client."""

import re

LINKS = re.compile(
    r'(?:href|src|action)="([^"]+)"|<(?:loc|id|uri)>([^<]+)<|"(?:url|home_page_url)": ?"([^"]+)"'
)
NOT_OURS = ("/static/", "/media/", "/admin/")


def crawl(client, *starts):
    """Yields every URL that links and redirects lead to, with its response."""
    waiting, seen = list(starts), set()
    while waiting:
        url = waiting.pop().partition("#")[0].removeprefix("http://testserver")
        if url in seen or not url.startswith("/") or url.startswith(NOT_OURS):
            continue
        seen.add(url)
        response = client.get(url)
        yield url, response
        text = "" if response.streaming else response.content.decode("utf-8", "replace")
        links = ["".join(found) for found in LINKS.findall(text.replace("&amp;", "&"))]
        waiting += [response["Location"]] if "Location" in response else []
        waiting += [url.partition("?")[0] + link if link[0] == "?" else link for link in links]


def all_of(response) -> str:
    """Status line, headers and body of a response, as text."""
    return response.serialize().decode("utf-8", "replace")
