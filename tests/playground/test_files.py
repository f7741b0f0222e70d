"""Uploading a file, sharing it, showing it in a block."""

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person
from tests.playground.blocks import Json
from tests.playground.refusals import refusal

PNG = b"\x89PNG\r\n\x1a\n picture"


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
    assert (file["mimetype"], file["size"]) == ("image/png", len(PNG))
    assert file["alt_txt"] == "Five lines towards zero"
    assert file["shares"]["public"] == {billing.id: [{"ts": reply.ts}]}
    async with aiohttp.ClientSession() as session, session.get(file["url_private"]) as download:
        assert await download.read() == PNG


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


async def test_an_image_block_shows_a_file_once_it_is_complete(
    client: AsyncWebClient, billing: Channel
) -> None:
    def image(file_id: str) -> list[Json]:
        return [{"type": "image", "alt_text": "Chart", "slack_file": {"id": file_id}}]

    uploaded = await client.files_upload_v2(filename="a.png", content=PNG)
    file_id = uploaded["file"]["id"]
    await client.chat_postMessage(channel=billing.id, text="x", blocks=image(file_id))

    reserved = await client.files_getUploadURLExternal(filename="b.png", length=3)
    unfinished = image(reserved["file_id"])
    assert await refusal(
        client.chat_postMessage(channel=billing.id, text="x", blocks=unfinished)
    ) == ("invalid_blocks")


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
    assert await refusal(client.files_getUploadURLExternal(filename="a", length=0)) == (
        "invalid_arguments"
    )
