"""The error bodies of the API, in their two dialects.

YouTube's own errors (domain youtube.…) have neither `status` nor `details`;
those of Google's front end, which looks at keys, limits and parameter names
before YouTube sees a request, have both.  Messages may hold HTML.

Source: https://developers.google.com/youtube/v3/docs/errors and recorded answers.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ApiError:
    """What an answer says that is an error."""

    http_status: int
    message: str
    domain: str
    reason: str
    location: str | None = None  # of the parameter to blame
    status: str | None = None
    details: tuple[dict[str, Any], ...] = ()
    first_message: str | None = None  # where errors[0] words it in another way
    location_type: str = "parameter"

    def body(self) -> dict[str, Any]:
        """Return it as the API writes it."""
        first = {
            "message": self.first_message or self.message,
            "domain": self.domain,
            "reason": self.reason,
        }
        if self.location is not None:
            first |= {"location": self.location, "locationType": self.location_type}
        error: dict[str, Any] = {
            "code": self.http_status,
            "message": self.message,
            "errors": [first],
        }
        if self.status:
            error["status"] = self.status
        if self.details:
            error["details"] = list(self.details)
        return {"error": error}


class Refusal(Exception):
    """Raised where a request ends with an error."""

    def __init__(self, error: ApiError) -> None:
        super().__init__(error.message)
        self.error = error


def _info(reason: str, **metadata: str) -> dict[str, Any]:
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": "youtube.googleapis.com"} | metadata,
    }


# --- the key -------------------------------------------------------------------

_BAD_KEY = "API key not valid. Please pass a valid API key."
BAD_KEY = ApiError(
    400,
    _BAD_KEY,
    "global",
    "badRequest",
    status="INVALID_ARGUMENT",
    details=(
        _info("API_KEY_INVALID"),
        {
            "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
            "locale": "en-US",
            "message": _BAD_KEY,
        },
    ),
)
NO_KEY = ApiError(
    403,
    "Method doesn't allow unregistered callers (callers without established identity)."
    " Please use API Key or other form of API consumer identity to call this API.",
    "global",
    "forbidden",
    status="PERMISSION_DENIED",
)
KEY_BLOCKED = ApiError(
    403,
    "Requests from referer <empty> are blocked.",
    "global",
    "forbidden",
    status="PERMISSION_DENIED",
    details=(_info("API_KEY_HTTP_REFERRER_BLOCKED"),),
)
API_DISABLED = ApiError(
    403,
    "YouTube Data API v3 has not been used in project 0 before or it is disabled.",
    "usageLimits",
    "accessNotConfigured",
    status="PERMISSION_DENIED",
    details=(
        # the first detail has no reason: who looks there only, sees nothing
        {"@type": "type.googleapis.com/google.rpc.Help", "links": []},
        _info("SERVICE_DISABLED", consumer="projects/0"),
    ),
)
PERMISSION_DENIED = ApiError(
    403,
    "The caller does not have permission",
    "youtube.CoreErrorDomain",
    "SERVICE_UNAVAILABLE",  # an oddity on record: whatever it says, it does not pass
    status="PERMISSION_DENIED",
    first_message="Permission denied.",
)
LOGIN_REQUIRED = ApiError(
    401,
    "API keys are not supported by this API. Expected OAuth2 access token or other"
    " authentication credentials that assert a principal.",
    "global",
    "required",
    "Authorization",
    status="UNAUTHENTICATED",
    details=(_info("CREDENTIALS_MISSING"),),
    first_message="Login Required.",
    location_type="header",
)

# --- limits --------------------------------------------------------------------

QUOTA_EXCEEDED = ApiError(
    403,
    "The request cannot be completed because you have exceeded your"
    ' <a href="/youtube/v3/getting-started#quota">quota</a>.',
    "youtube.quota",
    "quotaExceeded",
)


def _too_much(metric: str, per: str, http_status: int = 429) -> ApiError:
    return ApiError(
        http_status,
        f"Quota exceeded for quota metric '{metric}' and limit '{metric} per {per}' of service"
        " 'youtube.googleapis.com' for consumer 'project_number:000000000000'.",
        "global",
        "rateLimitExceeded",
        status="RESOURCE_EXHAUSTED",
        details=(_info("RATE_LIMIT_EXCEEDED"),),
    )


SEARCHES_EXCEEDED = _too_much("Search Queries", "day")  # looks like "too fast", but is not
QUERIES_PER_DAY = _too_much("Queries", "day")
QUERIES_PER_MINUTE = _too_much("Queries", "minute")
RATE_LIMIT_403 = ApiError(
    403, "Rate Limit Exceeded (Queries per minute per user).", "youtube.quota", "rateLimitExceeded"
)

# --- the server ----------------------------------------------------------------

INTERNAL = ApiError(500, "Internal error encountered.", "global", "backendError", status="INTERNAL")
UNAVAILABLE = ApiError(
    503, "The service is currently unavailable.", "global", "backendError", status="UNAVAILABLE"
)

# --- the request ---------------------------------------------------------------

PLAYLIST_NOT_FOUND = ApiError(
    404,
    "The playlist identified with the request's <code>playlistId</code> parameter cannot be found.",
    "youtube.playlistItem",
    "playlistNotFound",
    "playlistId",
)
CHANNEL_NOT_FOUND = ApiError(
    404, "Channel not found.", "youtube.playlist", "channelNotFound", "channelId"
)
VIDEO_NOT_FOUND = ApiError(
    404,
    "The video identified by the <code>videoId</code> parameter could not be found.",
    "youtube.caption",
    "videoNotFound",
    "videoId",
)
BAD_PAGE_TOKEN = ApiError(
    400,
    "The request specifies an invalid page token.",
    "youtube.parameter",
    "invalidPageToken",
    "pageToken",
)
TOO_MANY_IDS = ApiError(
    400,
    "The request specifies an invalid filter parameter.",
    "youtube.parameter",
    "invalidFilters",
    "parameters.",
    location_type="other",
)
OWNER_ONLY = ApiError(
    403,
    "The request asks for a part that only the owner of the video may read.",
    "youtube.common",
    "forbidden",
)


def missing(name: str) -> ApiError:
    """Return the error for a parameter that every call needs."""
    message = f"Required parameter: {name}"
    return ApiError(400, message, "youtube.parameter", "missingRequiredParameter", name)


def no_filter(*names: str) -> ApiError:
    """Return the error for a call that does not say of what."""
    message = f"No filter selected. Expected one of: {', '.join(names)}"
    return ApiError(
        400,
        message,
        "youtube.parameter",
        "missingRequiredParameter",
        "parameters.",
        location_type="other",
    )


def two_filters(*names: str) -> ApiError:
    """Return the error for a call that says it twice."""
    message = f"Incompatible parameters specified in the request: {', '.join(names)}"
    return ApiError(400, message, "youtube.parameter", "incompatibleParameters")


def unknown_part(name: str) -> ApiError:
    """Return the error for a part that the resource does not have."""
    return ApiError(400, f"'{name}'", "youtube.part", "unknownPart", "part")


def unknown_parameter(name: str) -> ApiError:
    """Return the error for a parameter that the method does not have."""
    message = (
        f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.'
        f" Field '{name}' could not be found in request message."
    )
    violation = {"description": message}
    detail = {
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        "fieldViolations": [violation],
    }
    return ApiError(
        400, message, "global", "badRequest", status="INVALID_ARGUMENT", details=(detail,)
    )


def bad_value(name: str, message: str) -> ApiError:
    """Return the error for a value that a parameter cannot have."""
    return ApiError(400, message, "global", "invalidParameter", name)
