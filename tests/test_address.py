import pytest

from harvester.errors import BadConfiguration, WrongUse
from harvester.youtube import address
from harvester.youtube.address import ChannelReference

ID = "UCtest000000000000000000"


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        (ID, "id", ID),
        (f"  {ID}\n", "id", ID),
        ("@zwk", "handle", "@zwk"),
        ("@zentrum.für-krise", "handle", "@zentrum.für-krise"),
        (f"https://www.youtube.com/channel/{ID}", "id", ID),
        (f"youtube.com/channel/{ID}/videos?view=0", "id", ID),
        (f"https://studio.youtube.com/channel/{ID}/videos", "id", ID),
        ("https://www.youtube.com/@zwk", "handle", "@zwk"),
        ("http://m.youtube.com/@zwk/streams", "handle", "@zwk"),
        ("https://www.youtube.com/@f%C3%BCr", "handle", "@für"),
        ("https://www.youtube.com/user/zwk", "username", "zwk"),
    ],
)
def test_a_channel_goes_by_id_handle_or_address(text: str, kind: str, value: str) -> None:
    reference = address.channel_reference(text)

    assert (reference.kind, reference.value) == (kind, value)


def test_each_kind_of_name_has_its_parameter() -> None:
    assert ChannelReference("id", ID).parameters == {"id": ID}
    assert ChannelReference("handle", "@zwk").parameters == {"forHandle": "@zwk"}
    assert ChannelReference("username", "zwk").parameters == {"forUsername": "zwk"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://www.youtube.com/c/ZWK", "/c/.*@handle"),  # the API has no look-up for it
        ("https://www.youtube.com/watch?v=abcdefghijk", "no channel's address"),
        ("https://www.youtube.com/playlist?list=PLx", "no channel's address"),
        ("https://www.youtube.com/ZWK", "@handle"),
        ("https://www.youtube.com/", "@handle"),
        ("https://example.org/@zwk", "@handle"),
        ("https://youtube.com.example.org/@zwk", "@handle"),
        ("zwk", "@handle"),
        ("UCshort", "@handle"),
        ("https://[", "@handle"),
        ("", "@handle"),
    ],
)
def test_what_names_no_channel_is_refused_with_the_remedy(text: str, told: str) -> None:
    with pytest.raises(BadConfiguration, match=told):
        address.channel_reference(text)


@pytest.mark.parametrize(
    "text",
    [
        "dQw4w9WgXcQ",
        " dQw4w9WgXcQ ",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ&list=PLx&t=42s",
        "www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://music.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://youtu.be/dQw4w9WgXcQ?si=share",
        "https://www.youtube.com/shorts/dQw4w9WgXcQ",
        "https://www.youtube.com/live/dQw4w9WgXcQ?feature=share",
        "https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        "https://m.youtube.com/v/dQw4w9WgXcQ#t=1",
    ],
)
def test_a_video_goes_by_id_or_any_address(text: str) -> None:
    assert address.video_id(text) == "dQw4w9WgXcQ"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "two words",
        "https://vimeo.com/12345",
        "https://www.youtube.com/@zwk",
        "https://www.youtube.com/watch?list=PLx",
        "https://youtu.be/",
        "https://www.youtube.com/watch?v=a/b",
    ],
)
def test_what_names_no_video_is_wrong_use(text: str) -> None:
    with pytest.raises(WrongUse, match="YouTube video"):
        address.video_id(text)
