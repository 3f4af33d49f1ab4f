"""Bodies of requests: within the limits in bytes, mentioning only whom we name."""

import hashlib
import json

import pytest

from cases.payload import (
    MARKDOWN_BYTES,
    PICTURE_BYTES,
    app_file,
    chat_create,
    chat_text,
    chat_update,
    robot_file,
    robot_image,
    robot_markdown,
)


@pytest.mark.parametrize("length", [MARKDOWN_BYTES - 1, MARKDOWN_BYTES, MARKDOWN_BYTES + 1])
def test_a_markdown_post_is_cut_before_the_people_it_calls(length: int) -> None:
    plain = json.loads(robot_markdown("a" * length))["markdown"]["content"]
    assert len(plain.encode()) == min(length, MARKDOWN_BYTES)
    called = json.loads(robot_markdown("长" * length, ("liuyang", "<x>", "@all ")))
    content = called["markdown"]["content"]
    assert len(content.encode()) <= MARKDOWN_BYTES
    assert content.endswith("…\n<@liuyang>")


@pytest.mark.parametrize(("more", "fits"), [(-1, True), (0, True), (1, False)])
def test_a_picture_of_a_robot_has_at_most_two_megabytes(more: int, fits: bool) -> None:
    picture = b"x" * (PICTURE_BYTES + more)
    if fits:
        sent = json.loads(robot_image(picture))["image"]
        assert sent["md5"] == hashlib.md5(picture).hexdigest()
    else:
        with pytest.raises(ValueError, match="2 MB"):
            robot_image(picture)


def test_a_file_is_named_by_where_it_is_kept() -> None:
    kept = {"stored": "a/case.docx", "name": "案卷.docx"}
    assert json.loads(robot_file("a/case.docx", "案卷.docx"))["file"] == kept
    sent = json.loads(app_file(1, "li", ("a/case.docx", "案卷.docx"), key="k"))
    assert (sent["file"], sent["enable_duplicate_check"]) == (kept, 1)


def test_requests_about_a_group_chat_name_it_by_our_own_id() -> None:
    made = json.loads(chat_create("duban1", "007 工作群", "sunlei", ("sunlei", "liuyang")))
    assert made["userlist"] == ["sunlei", "liuyang"]
    changed = json.loads(chat_update("duban1", "sunlei", ["a"], ["b"]))
    assert (changed["add_user_list"], changed["del_user_list"]) == (["a"], ["b"])
    said = json.loads(chat_text("duban1", "长" * 2000))
    assert len(said["text"]["content"].encode()) <= 2048
    assert {one["chatid"] for one in (made, changed, said)} == {"duban1"}
