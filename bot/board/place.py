"""Where the pages are, and the few values they need: addresses, lifetimes, names of cookies."""

import hmac
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from handlers.admin.doors import Configured
from handlers.letting_in import Lifetimes

AUTHORIZE = "https://open.weixin.qq.com"
SCAN = "https://login.work.weixin.qq.com"


@dataclass(frozen=True, slots=True)
class Platform:
    """Who vouches for people: the institution's app, and where its platform asks who it is."""

    corp_id: str
    agent_id: int
    authorize_base: str = AUTHORIZE
    scan_base: str = SCAN


@dataclass(frozen=True, slots=True)
class Place:
    """What the operator has set; every link is made from `base_url`, never from a request (E13)."""

    base_url: str  # https://duban.example.gov.cn, without a final slash
    institution: str
    platform: Platform
    secret: bytes = field(repr=False)  # shared by all replicas
    lives: Lifetimes = field(default_factory=Lifetimes)
    configured: Configured = field(default_factory=Configured)

    @property
    def state_key(self) -> bytes:
        """The key of the sign-in states, made of the secret and not leading back to it."""
        return hmac.new(self.secret, b"duban sign-in state", "sha256").digest()

    @property
    def is_https(self) -> bool:
        """Whether cookies may be bound to https."""
        return self.base_url.startswith("https://")

    @property
    def origin(self) -> str:
        """What a browser calls the origin of our own forms."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def session_cookie(self) -> str:
        """The name of the session's cookie; __Host- makes browsers insist on its terms."""
        return "__Host-duban" if self.is_https else "duban"

    @property
    def entry_cookie(self) -> str:
        """The name of the short-lived cookie a sign-in is bound to."""
        return "__Host-duban-entry" if self.is_https else "duban-entry"

    def address(self, path: str) -> str:
        """Return the full address of one of our pages."""
        return f"{self.base_url}{path}"

    def platform_address(self, state: str, *, scans: bool) -> str:
        """Return where the platform asks who it is: in its client, or by a QR code to be scanned.

        The address is pages 91022 and 98151; the platform comes back to /sign-in/back.
        """
        back = self.address("/sign-in/back")
        if scans:
            asked = {
                "login_type": "CorpApp",
                "appid": self.platform.corp_id,
                "agentid": self.platform.agent_id,
                "redirect_uri": back,
                "state": state,
            }
            return f"{self.platform.scan_base}/wwlogin/sso/login?{urlencode(asked)}"
        asked = {
            "appid": self.platform.corp_id,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
            "agentid": self.platform.agent_id,
        }
        asking = f"{self.platform.authorize_base}/connect/oauth2/authorize"
        return f"{asking}?{urlencode(asked)}#wechat_redirect"


def csrf_of(token: str) -> str:
    """Return what every form of a session carries: made of the token, and not leading back."""
    return hmac.new(token.encode(), b"duban form", "sha256").hexdigest()
