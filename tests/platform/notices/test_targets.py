"""Where webhooks may lead: into the public network by https, and nowhere else, whatever is written."""

import socket
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coliseum.notices.targets import BlockedError, is_public, read_target

PUBLIC = "93.184.216.34"


def knows(*addresses):
    """Return a look-up that gives these addresses for every name."""
    return lambda host, port: list(addresses)


def as_numbers(host, port):
    """Look up as the C library does for numbers in all their forms; other names are public."""
    try:
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except OSError:
        try:
            return [str(ip_address(host))]
        except ValueError:
            return ["127.0.0.1" if host.endswith("localhost") else PUBLIC]


TRICKS = [
    "http://hooks.example.org/",
    "ftp://hooks.example.org/",
    "file:///etc/passwd",
    "gopher://hooks.example.org/",
    "//hooks.example.org/",
    "https://",
    "https:///path",
    "https://localhost/",
    "https://sub.localhost/",
    "https://127.0.0.1/",
    "https://0x7f.1/",
    "https://2130706433/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://0/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/",
    "https://100.64.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://93.184.216.34/",
    "https://user@hooks.example.org/",
    "https://hooks.example.org:password@127.0.0.1/",
    "https://hooks.example.org@127.0.0.1/",
    "https://127.0.0.1#@hooks.example.org/",
    "https://hooks.example.org/#a",
    "https://hooks.example.org:22/",
    "https://hooks.example.org:8443/",
    "https://hooks.example.org:0/",
    "https://hooks.example.org:99999/",
    "https://hooks.example.org\\@127.0.0.1/",
    "https://hooks.example.org/a b",
    "https://hooks.example.org/\r\nX-Evil: 1",
    "https://hooks.example.org/\x00",
    "https://ⓛocalhost/",
    "https://①②⑦.⓪.⓪.①/",
    "https://münchen.example/",
    "https://hooks.example.org./",
    "https://hooks..example.org/",
    "https://intranet/",
    "https://hooks.example.org/" + "a" * 400,
    "javascript:alert(1)",
    "",
]


@pytest.mark.parametrize("url", TRICKS)
def test_no_trick_leads_elsewhere(url):
    with pytest.raises(BlockedError):
        read_target(url, lookup=as_numbers)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.100.100.200",
            "0.0.0.0",
        ),
        *("224.0.0.251", "240.0.0.1", "198.18.0.1", "192.0.2.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1"),
        *(
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::1",
            "2001:0:a00:1::1",
            "2001:db8::1",
        ),
    ],
)
def test_a_name_that_leads_to_no_public_address_is_refused(address):
    for found in ((address,), (PUBLIC, address)):
        with pytest.raises(BlockedError, match="private network"):
            read_target("https://hooks.example.org/", lookup=knows(*found))


def test_a_public_address_is_read_with_what_was_looked_up():
    target = read_target("https://Hooks.example.org/in?team=4", lookup=knows(PUBLIC, "2606:4700::1111"))
    assert (target.host, target.port, target.path) == ("hooks.example.org", 443, "/in?team=4")
    assert target.addresses == (PUBLIC, "2606:4700::1111")
    assert target.authority == "hooks.example.org"


def test_a_name_in_other_letters_goes_by_its_plain_form():
    assert (
        read_target("https://xn--mnchen-3ya.example/", lookup=knows(PUBLIC)).host == "xn--mnchen-3ya.example"
    )


def test_what_the_operator_allows_may_be_private_plain_and_on_any_port():
    allowed = [ip_network("127.0.0.0/8")]
    target = read_target("http://localhost:8190/x", allowed=allowed, lookup=knows("127.0.0.1"))
    assert target.authority == "localhost:8190"
    assert read_target("http://[::ffff:127.0.0.1]:8190/", allowed=allowed, lookup=as_numbers).port == 8190
    for found in (("10.0.0.1",), ("127.0.0.1", "10.0.0.1"), ("127.0.0.1", PUBLIC)):
        with pytest.raises(BlockedError):
            read_target("http://localhost:8190/x", allowed=allowed, lookup=knows(*found))


def test_a_name_that_nobody_knows_is_refused():
    def fails(host, port):
        raise socket.gaierror(-2, "unknown")

    for lookup in (fails, knows()):
        with pytest.raises(BlockedError, match="not known"):
            read_target("https://hooks.example.org/", lookup=lookup)


@given(st.ip_addresses(v=4))
def test_an_address_written_inside_another_is_no_more_public_than_itself(address):
    assert is_public(ip_address(f"::ffff:{address}")) == is_public(address)
    assert not is_public(ip_address(f"64:ff9b::{address}"))
    assert not (is_public(address) and address.is_private)


@given(st.text(max_size=60))
def test_any_text_is_a_target_or_is_refused(text):
    for url in (text, f"https://{text}"):
        try:
            target = read_target(url, lookup=as_numbers)
        except BlockedError:
            continue
        assert target.scheme == "https"
        assert target.addresses == (PUBLIC,)
        assert target.host.isascii()
