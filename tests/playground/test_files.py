"""Uploading a file, sharing it, showing it in a block."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person
from tests.playground.blocks import Json, input_block, modal
from tests.playground.refusals import refusal

PNG = b"\x89PNG\r\n\x1a\n picture"


async def downloaded(address: str, token: str | None) -> tuple[int, str, bytes]:
    """What comes from a file's address: status, content type, content."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(address) as download,
    ):
        return download.status, download.content_type, await download.read()


async def test_a_picture_in_a_thread(client: AsyncWebClient, ana: Person, billing: Channel) -> None:
    top = await client.chat_postMessage(channel=billing.id, text="Digest")
    uploaded = await client.files_upload_v2(
        channel=billing.id,
        thread_ts=top["ts"],
        filename="trajectories.png",
        content=PNG,
        title="All trajectories",
        alt_txt="Five lines towards zero",
        initial_comment="As a picture",
    )

    assert uploaded["file"]["mimetype"] == ""
    assert uploaded["file"]["shares"] == {}
    reply = ana.thread(await ana.sees_message(billing, "Digest"))[1]
    assert reply.wording == "As a picture\nAll trajectories"
    file = (await client.files_info(file=uploaded["file"]["id"]))["file"]
    thread = (await client.conversations_replies(channel=billing.id, ts=top["ts"]))["messages"]
    assert thread[1]["files"] == [file]
    assert (file["mimetype"], file["size"]) == ("image/png", len(PNG))
    assert file["alt_txt"] == "Five lines towards zero"
    assert file["shares"]["public"] == {billing.id: [{"ts": reply.ts}]}
    for address in (file["url_private"], file["url_private_download"]):
        assert await downloaded(address, client.token) == (200, "image/png", PNG)


async def test_a_private_channel_keeps_it_private(
    client: AsyncWebClient, slack: LocalSlack
) -> None:
    secret = slack.add_channel("secret", private=True)
    uploaded = await client.files_upload_v2(channel=secret.id, filename="a.png", content=PNG)

    file = (await client.files_info(file=uploaded["file"]["id"]))["file"]
    assert file["is_public"] is False
    assert list(file["shares"]) == ["private"]


async def test_several_channels_at_once(
    client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    ops = slack.add_channel("ops", members=[ana])
    await client.files_upload_v2(channels=[billing.id, ops.id], filename="a.png", content=PNG)

    assert [m.wording for channel in (billing, ops) for m in ana.sees(channel)] == ["a.png"] * 2


def image(file_id: str) -> list[Json]:
    return [{"type": "image", "alt_text": "Chart", "slack_file": {"id": file_id}}]


async def test_an_image_block_shows_a_file_once_it_is_processed(
    client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    slack.workspace.processing_seconds = 0.05
    uploaded = await client.files_upload_v2(filename="a.png", content=PNG)
    file_id = uploaded["file"]["id"]
    posting = client.chat_postMessage(channel=billing.id, text="x", blocks=image(file_id))
    assert await refusal(posting) == "invalid_blocks"
    file = (await client.files_info(file=file_id))["file"]
    assert (file["mimetype"], file["filetype"]) == ("", "")

    await asyncio.sleep(0.06)
    assert (await client.files_info(file=file_id))["file"]["mimetype"] == "image/png"
    await client.chat_postMessage(channel=billing.id, text="by id", blocks=image(file_id))
    by_address = {"slack_file": {"url": file["url_private"]}}
    blocks = [{"type": "image", "alt_text": "Chart", **by_address}]
    await client.chat_postMessage(channel=billing.id, text="by address", blocks=blocks)
    assert [message.text for message in ana.sees(billing)] == ["by id", "by address"]


async def test_an_image_block_shows_no_other_file(client: AsyncWebClient, billing: Channel) -> None:
    reserved = await client.files_getUploadURLExternal(filename="b.png", length=3)
    letter = await client.files_upload_v2(filename="a.pdf", content=b"%PDF")
    for file_id in ("F404", reserved["file_id"], letter["file"]["id"]):
        with pytest.raises(SlackApiError) as refused:
            await client.chat_postMessage(channel=billing.id, text="x", blocks=image(file_id))
        assert refused.value.response["error"] == "invalid_blocks"
        assert refused.value.response["errors"] == [
            "invalid slack file [json-pointer:/blocks/0/slack_file]"
        ]


async def test_what_goes_wrong(client: AsyncWebClient, billing: Channel) -> None:
    reserved = await client.files_getUploadURLExternal(filename="a.png", length=3)
    file_id = reserved["file_id"]

    async def complete(file_id: str) -> str:
        return await refusal(client.files_completeUploadExternal(files=[{"id": file_id}]))

    async with aiohttp.ClientSession() as session:
        async with session.post(reserved["upload_url"], data=b"four") as response:
            assert response.status == 400
        async with session.post(reserved["upload_url"] + "x", data=b"123") as response:
            assert response.status == 404
        assert await complete(file_id) == "file_not_found"
        assert await refusal(client.files_info(file=file_id)) == "file_not_found"

        form = aiohttp.FormData()
        form.add_field("file", b"123", filename="a.png")
        async with session.post(reserved["upload_url"], data=form) as response:
            assert await response.text() == "OK - 3"
        async with session.get(f"{reserved['upload_url']}") as response:
            assert response.status == 405
    await client.files_completeUploadExternal(files=[{"id": file_id}])

    assert await complete(file_id) == "file_not_found"
    assert await complete("F404") == "file_not_found"
    reserving = client.files_getUploadURLExternal(filename="a", length="three")  # type: ignore[arg-type]
    assert await refusal(reserving) == "invalid_arguments"


async def test_a_file_goes_only_where_the_bot_is(
    client: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    ops = slack.add_channel("ops", bot=False)

    assert await refusal(client.files_upload_v2(channel=ops.id, filename="a.png", content=PNG)) == (
        "not_in_channel"
    )
    unknown = client.files_upload_v2(
        channel=billing.id, thread_ts="1.2", filename="a.png", content=PNG
    )
    assert await refusal(unknown) == "invalid_arguments"


async def test_files_are_listed_and_deleted(
    client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    async def names(**asked: Any) -> list[str]:
        return [file["name"] for file in (await client.files_list(**asked))["files"]]

    await client.files_upload_v2(channel=billing.id, filename="a.png", content=PNG)
    uploaded = await client.files_upload_v2(filename="b.txt", content="text")
    slack.upload(ana, "hers.txt", b"unseen")

    assert await names() == ["b.txt", "a.png"]
    assert await names(types="images") == await names(channel=billing.id) == ["a.png"]
    assert await names(types="gdocs") == await names(user=ana.id) == []
    assert await names(count=1, page=2) == ["a.png"]
    paging = (await client.files_list(count=1))["paging"]
    assert paging == {"count": 1, "total": 2, "page": 1, "pages": 2}

    await client.files_delete(file=uploaded["file"]["id"])
    assert await names() == ["a.png"]


async def test_a_deleted_file_leaves_its_message(
    client: AsyncWebClient, ana: Person, billing: Channel
) -> None:
    uploaded = await client.files_upload_v2(
        channel=billing.id, filename="a.png", content=PNG, initial_comment="Look"
    )
    await client.files_delete(file=uploaded["file"]["id"])

    assert [message.wording for message in ana.sees(billing)] == ["Look"]
    assert (await downloaded(uploaded["file"]["url_private"], client.token))[0] == 404
    blocks = [{"type": "image", "alt_text": "x", "slack_file": {"id": uploaded["file"]["id"]}}]
    showing = client.chat_postMessage(channel=billing.id, text="x", blocks=blocks)
    assert await refusal(showing) == "invalid_blocks"


async def test_blocks_introduce_a_file(
    client: AsyncWebClient, ana: Person, billing: Channel
) -> None:
    reserved = await client.files_getUploadURLExternal(filename="a.txt", length=1)
    async with aiohttp.ClientSession() as session:
        await session.post(reserved["upload_url"], data=b"1")
    text = {"type": "rich_text_section", "elements": [{"type": "text", "text": "Look"}]}
    sharing = {
        "files": [{"id": reserved["file_id"], "title": "One"}],
        "channel_id": billing.id,
        "blocks": [{"type": "rich_text", "elements": [text]}],
    }
    await client.api_call("files.completeUploadExternal", json=sharing)

    assert [message.wording for message in ana.sees(billing)] == ["Look\nOne"]


class TestFileInputs:
    """Files that people give in a modal."""

    async def test_the_app_reads_what_was_attached(
        self, app: AsyncApp, client: AsyncWebClient, slack: LocalSlack, ana: Person
    ) -> None:
        submitted: list[Json] = []

        @app.view("milestone")
        async def save(ack: AsyncAck, view: Json) -> None:
            submitted.append(view["state"]["values"]["file"]["value"])
            await ack()

        view = slack.workspace.views.open(
            ana.id, modal(input_block("file", "file_input", filetypes=["yml", "csv"]))
        )
        assert (await ana.submits(view)).errors == {"file": "Please complete this required field."}
        attached = ana.attaches(view, "file", "Scörecard 1.yml", b"goal: one path")
        await ana.submits(view)

        [state] = submitted
        assert state["type"] == "file_input"
        [file] = state["files"]
        assert (file["id"], file["name"]) == (attached.id, "Scörecard 1.yml")
        assert (file["filetype"], file["size"], file["mode"]) == ("yaml", 14, "hosted")
        assert (file["user"], file["user_team"]) == (ana.id, slack.team_id)
        status, _, content = await downloaded(file["url_private_download"], slack.bot_token)
        assert (status, content) == (200, b"goal: one path")
        assert (await client.files_info(file=file["id"]))["file"]["name"] == "Scörecard 1.yml"

    async def test_several_files_as_far_as_the_input_takes_them(
        self, slack: LocalSlack, ana: Person
    ) -> None:
        view = slack.workspace.views.open(
            ana.id, modal(input_block("file", "file_input", filetypes=["csv"], max_files=2))
        )
        ana.fills(view, {"file": [slack.upload(ana, "a.csv", b"a")]})
        ana.attaches(view, "file", "B.CSV", b"b")

        with pytest.raises(LookupError, match="at most 2 files in value"):
            ana.attaches(view, "file", "c.csv", b"c")
        with pytest.raises(LookupError, match=r"d\.pdf is none of csv"):
            ana.fills(view, {"file": [slack.upload(ana, "d.pdf", b"d")]})
        with pytest.raises(LookupError, match=r"e\.csv is larger than 10485760 bytes"):
            ana.fills(view, {"file": [slack.upload(ana, "e.csv", bytes(10_485_761))]})
        files = slack.workspace.views.payload(view)["state"]["values"]["file"]["value"]["files"]
        assert [file["name"] for file in files] == ["a.csv", "B.CSV"]
        ana.fills(view, {"file": None})
        assert (
            slack.workspace.views.payload(view)["state"]["values"]["file"]["value"]["files"] == []
        )

    async def test_whoever_is_not_signed_in_gets_a_page_to_do_so(
        self, slack: LocalSlack, ana: Person
    ) -> None:
        address = slack.upload(ana, "a.csv", b"a").payload(slack.workspace.base_url)["url_private"]

        for token in (None, "xoxb-wrong", slack.app_token):
            status, kind, content = await downloaded(address, token)
            assert (status, kind) == (200, "text/html")
            assert content.startswith(b"<!DOCTYPE html>")
        missing = address.replace("a.csv", "").replace("-F", "-F404")
        assert (await downloaded(missing, slack.bot_token))[0] == 404

    async def test_a_download_can_fail(self, slack: LocalSlack, ana: Person) -> None:
        address = slack.upload(ana, "a.csv", b"a").payload(slack.workspace.base_url)["url_private"]
        slack.faults.add("download", "status", status=503)

        assert (await downloaded(address, slack.bot_token))[0] == 503
        assert (await downloaded(address, slack.bot_token))[0] == 200

    async def test_without_the_scope_there_are_no_files(self) -> None:
        async with LocalSlack({"display_information": {"name": "KPI"}}) as slack:
            ana = slack.add_person("ana")
            address = slack.upload(ana, "a.csv", b"a").payload(slack.workspace.base_url)
            client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
            trigger = slack.workspace.triggers.issue(ana.id, None)
            opening = client.views_open(
                trigger_id=trigger, view=modal(input_block("file", "file_input"))
            )

            assert (await downloaded(address["url_private"], slack.bot_token))[1] == "text/html"
            assert await refusal(opening) == "invalid_arguments"
            assert slack.journal.problems[0].pointer == "/blocks/0/element"
