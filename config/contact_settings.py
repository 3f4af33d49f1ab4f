"""What the operator sets about contact synchronisation (通讯录同步): a secret and a callback."""

import re
from dataclasses import dataclass

from config.checking import Table
from config.secret import Secret, SecretReader

_AES_KEY = re.compile(r"[0-9A-Za-z]{43}")
_TOKEN = re.compile(r"[0-9A-Za-z]{1,32}")


@dataclass(frozen=True, slots=True)
class ContactSettings:
    """None without a secret: then personnel changes come from subscribe and unsubscribe only."""

    secret: Secret | None = None
    token: Secret | None = None  # of its own callback, which may be the same address
    aes_key: Secret | None = None

    @property
    def values(self) -> tuple[str | None, str | None, str | None]:
        """The three secrets themselves, in the order of the fields."""
        secret, token, aes_key = (
            None if one is None else one.value for one in (self.secret, self.token, self.aes_key)
        )
        return secret, token, aes_key


def contact_settings(top: Table, secrets: SecretReader) -> ContactSettings:
    """Read the section [contacts]; faults go into the table's."""
    table = top.table("contacts", required=False)
    names = ("secret_file", "token_file", "aes_key_file")
    files = {name: table.text(name, "") for name in names}
    table.done()
    if not any(files.values()):
        return ContactSettings()
    secret = secrets.read("DUBAN_CONTACTS_SECRET", files["secret_file"], "通讯录同步的 Secret")
    if not files["token_file"] and not files["aes_key_file"]:
        return ContactSettings(secret)
    token = secrets.read("DUBAN_CONTACTS_TOKEN", files["token_file"], "通讯录回调的 Token")
    aes_key = secrets.read(
        "DUBAN_CONTACTS_AES_KEY", files["aes_key_file"], "通讯录回调的 EncodingAESKey"
    )
    if token.value and not _TOKEN.fullmatch(token.value):
        table.faults.append("通讯录回调的 Token 应为 1 到 32 位字母和数字, 请从后台重新复制")
    if aes_key.value and not _AES_KEY.fullmatch(aes_key.value):
        table.faults.append("通讯录回调的 EncodingAESKey 应为 43 位字母和数字, 请从后台重新复制")
    return ContactSettings(secret, token, aes_key)
