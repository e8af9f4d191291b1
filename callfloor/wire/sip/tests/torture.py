"""
Torture messages, written anew after RFC 4475 (names as there) and RFC 5118, with the status owed.

`None` means that nothing is wrong; 0 that silence is owed (the message cannot be answered).
"""

from __future__ import annotations

POLICY_METHODS = frozenset({"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "REGISTER", "MESSAGE"})
SDP = "v=0\r\no=- 1 1 IN IP4 192.0.2.5\r\ns=-\r\nc=IN IP4 192.0.2.5\r\nt=0 0\r\n"
MULT_IP_SDP = (
    "v=0\r\no=bob 1 1 IN IP6 2001:db8::9:1\r\ns=-\r\nc=IN IP6 2001:db8::9:1\r\nt=0 0\r\n"
    "m=audio 22334 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\nm=video 6024 RTP/AVP 107\r\n"
    "c=IN IP6 2001:db8::1\r\na=rtpmap:107 H263-1998/90000\r\n"
)
# RFC 4475: 3.1.1 right; 3.1.2 wrong; 3.2 for transactions; 3.3 for applications; 3.4 older peers.
NAMES_OF_4475 = """
wsinv intmeth esc01 escnull esc02 lwsdisp longreq dblreq semiuri transports mpart01 unreason
noreason
badinv01 clerr ncl scalar02 scalarlg quotbal ltgtruri lwsruri lwsstart trws escruri baddate regbadct
badaspec baddn badvers mismatch01 mismatch02 bigcode
badbranch
insuf unkscm novelsc unksm2 bext01 invut regaut01 multi01 mcl01 bcast zeromf cparam01 cparam02
regescrt sdp01
inv2543
"""
# RFC 5118: sections 4.1 to 4.10; 4.5 has two.
NAMES_OF_5118 = """
ipv6-good ipv6-bad port-ambiguous port-unambiguous
via-received-param-with-delim via-received-param-no-delim
ipv6-in-sdp mult-ip-in-header mult-ip-in-sdp ipv4-mapped-ipv6 ipv6-bug-abnf-3-colons
"""


def raw(text: str, body: str | bytes = "") -> bytes:
    """Write lines as a message; the body follows the empty line."""
    lines = "\r\n".join(text.strip("\n").split("\n"))
    tail = body if isinstance(body, bytes) else body.encode()
    return f"{lines}\r\n\r\n".encode() + tail


def plain(
    name: str,
    *,
    method: str = "INVITE",
    uri: str = "sip:user@example.com",
    version: str = "SIP/2.0",
    via: str = "SIP/2.0/UDP host.example.com;branch=z9hG4bKkdjuw",
    to: str = "sip:user@example.com",
    from_: str = "sip:caller@example.net;tag=8814",
    cseq: str = "",
    contact: str = "<sip:caller@host.example.net>",
    hops: str = "70",
    extra: str = "",
    length: str | None = None,
    body: str | bytes = "",
) -> bytes:
    """Write a message that is right but for what is given."""
    tail = body if isinstance(body, bytes) else body.encode()
    lines = [
        f"{method} {uri} {version}",
        f"To: {to}",
        f"From: {from_}",
        f"Via: {via}",
        f"Call-ID: {name}.0ha0isnda@192.0.2.2",
        f"CSeq: {cseq or '8 ' + method}",
        f"Max-Forwards: {hops}",
        f"Contact: {contact}",
        *[line for line in extra.split("\n") if line],
        f"Content-Length: {len(tail) if length is None else length}",
    ]
    return raw("\n".join(line for line in lines if line), tail)


WSINV = raw(
    """
INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
TO :
 sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>
  ;
  tag = 98asjd8
MaX-fOrWaRdS: 0068
Call-ID: wsinv.ndaksdj@192.0.2.1
Content-Length   : 0
cseq: 0009
  INVITE
Via  : SIP  /   2.0
 /UDP
    192.0.2.2;branch=390skdjuw
s :
NewFangledHeader:   newfangled value
 continued newfangled value
UnknownHeaderWithUnusualValue: ;;,,;;,;
Route:
 <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
v:  SIP  / 2.0  / TCP     spindle.example.com   ;
  branch  =   z9hG4bK9ikj8  ,
 SIP  /    2.0   / UDP  192.168.255.111   ; branch=
 z9hG4bK30239
m:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =
      newvalue ;
  secondparam ; q = 0.33
"""
)
INTMETH_METHOD = "!interesting-Method0123456789_*+`.%indeed'~"
INTMETH = raw(
    f"""
{INTMETH_METHOD} sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0
Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~
To: "BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>
From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%="работающий";tag=_token~1'+`*%!-.
Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/"][?}}{{
CSeq: 139122385 {INTMETH_METHOD}
Max-Forwards: 255
extensionHeader-!.%*+_`'~:大停電
Content-Length: 0
"""  # noqa: E501
)
LONG = "".join(f"very_long_piece_number_{i}" for i in range(20))
LONGREQ = raw(
    f"""
INVITE sip:user@example.com SIP/2.0
To: "I have a user name of {LONG}" <sip:user@example.com:6000;unknownparam1={LONG};longparam{LONG}=shortvalue;verylonguriparam>
F: sip:{LONG}@example.net;tag=12982{LONG}424;unknownheaderparamname{LONG}=unknowheaderparamvalue{LONG};unknownValuelessparam{LONG}
Call-ID: longreq.one{LONG}longcallid
CSeq: 3882340 INVITE
Unknown-{LONG}: unknown-{LONG}-value; unknown-{LONG}-parameter-name = unknown-{LONG}-value
Via: SIP/2.0/TCP sip33.example.com
v: SIP/2.0/TCP sip32.example.com
V: SIP/2.0/TCP sip31.example.com
"""  # noqa: E501
    + "".join(f"Via: SIP/2.0/TCP sip{i}.example.com;received=192.0.2.5\n" for i in range(30))
    + f"""
Via: SIP/2.0/TCP host.example.com;received=192.0.2.5;branch=very{LONG}branchvalue
Max-Forwards: 70
Contact: <sip:{LONG}@host5.example.net>
Content-Length: 0
""".lstrip("\n")
)
DBLREQ = (
    plain("dblreq", method="REGISTER")
    + b"INVITE sip:joe@example.com SIP/2.0\r\nt: sip:joe@example.com\r\n\r\n"
)
MPART = (
    b"--7a9cbec02ceef655\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
    b"--7a9cbec02ceef655\r\nContent-Type: application/octet-stream\r\n\r\n\x00\x80\xff\r\n\r\n"
    b"--7a9cbec02ceef655--\r\n"
)

REQUESTS: dict[str, tuple[bytes, int | None]] = {
    # RFC 4475 section 3.1.1: right, however it looks.
    "wsinv": (WSINV, None),
    "intmeth": (INTMETH, 501),
    "esc01": (
        plain(
            "esc01",
            uri="sip:sips%3Auser%40example.com@example.net",
            to="sip:%75se%72@example.com",
            from_="<sip:I%20have%20spaces@example.net>;tag=1234",
            contact="<sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31>",
        ),
        None,
    ),
    "escnull": (
        plain(
            "escnull",
            method="REGISTER",
            to="sip:null-%00-null@example.com",
            from_="sip:null-%00-null@example.com;tag=839923423",
            contact="<sip:%00@host5.example.com>,<sip:%00%00@host5.example.com>",
        ),
        None,
    ),
    "esc02": (plain("esc02", method="RE%47IST%45R", contact="<alias:%00>"), 501),
    "lwsdisp": (
        plain("lwsdisp", method="OPTIONS", from_="caller<sip:caller@example.com>;tag=323"),
        None,
    ),
    "longreq": (LONGREQ, None),
    "dblreq": (DBLREQ, None),
    "semiuri": (
        plain("semiuri", method="OPTIONS", uri="sip:user;par=u%40example.net@example.com"),
        None,
    ),
    "transports": (
        plain(
            "transports",
            method="OPTIONS",
            via="SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw",
            extra="Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf\n"
            "Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj\n"
            "Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en\n"
            "Via: SIP/2.0/TCP t5.example.com;branch=z9hG4bK0a9idfnee",
        ),
        None,
    ),
    "mpart01": (
        plain(
            "mpart01",
            method="MESSAGE",
            extra="Content-Type: multipart/mixed;boundary=7a9cbec02ceef655",
            body=MPART,
        ),
        None,
    ),
    # RFC 4475 section 3.1.2: wrong.
    "badinv01": (
        plain("badinv01", via="SIP/2.0/UDP 192.0.2.15;;,;,,", contact='"Joe" <sip:j@e.org>;;;;'),
        400,
    ),
    "clerr": (plain("clerr", length="9999", extra="Content-Type: application/sdp", body=SDP), 400),
    "ncl": (plain("ncl", length="-999", extra="Content-Type: application/sdp", body=SDP), 400),
    "scalar02": (
        plain(
            "scalar02",
            method="REGISTER",
            cseq="36893488147419103232 REGISTER",
            hops="300",
            extra="Expires: 10000000000000000000000000000000000000",
        ),
        400,
    ),
    "quotbal": (plain("quotbal", to='"Mr. J. User <sip:j.user@example.com>'), 400),
    "ltgtruri": (plain("ltgtruri", uri="<sip:user@example.com>"), 400),
    "lwsruri": (plain("lwsruri", uri="sip:user@example.com; lr"), 400),
    "lwsstart": (
        plain("lwsstart").replace(b"INVITE sip:user@example.com ", b"INVITE  sip:user@e.com  "),
        400,
    ),
    "trws": (plain("trws", method="OPTIONS", version="SIP/2.0  "), 400),
    "escruri": (plain("escruri", uri="sip:user@example.com?Route=%3Csip:example.com%3E"), 400),
    # A Date nobody uses is no reason to lose a call (section 3.1.2.12 leaves the choice).
    "baddate": (plain("baddate", extra="Date: Fri, 01 Jan 2010 16:00:00 EST"), None),
    "regbadct": (
        plain(
            "regbadct",
            method="REGISTER",
            contact="sip:user@example.com?Route=%3Csip:sip.example.com%3E",
        ),
        400,
    ),
    "badaspec": (
        plain("badaspec", method="OPTIONS", to='"Watson, Thomas" < sip:t.watson@example.org >'),
        400,
    ),
    # Section 3.1.2.15 allows to infer the quotes, and telephones do send this.
    "baddn": (
        plain("baddn", method="OPTIONS", from_="Bell, Alexander <sip:a@example.com>;tag=43"),
        None,
    ),
    "badvers": (
        plain("badvers", method="OPTIONS", version="SIP/7.0", via="SIP/7.0/UDP c.example.com"),
        505,
    ),
    "mismatch01": (plain("mismatch01", method="OPTIONS", cseq="8 INVITE"), 400),
    "mismatch02": (plain("mismatch02", method="NEWMETHOD", cseq="8 INVITE"), 400),
    # RFC 4475 section 3.2.1: the branch says nothing, so the older rules of matching hold.
    "badbranch": (
        plain("badbranch", method="OPTIONS", via="SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK"),
        None,
    ),
    # RFC 4475 section 3.3: right, and still refused (or not).
    "insuf": (
        raw("INVITE sip:user@example.com SIP/2.0\nCSeq: 193942 INVITE\n"
            "Via: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf\nContent-Length: 0"),
        400,
    ),
    "unkscm": (plain("unkscm", method="OPTIONS", uri="nobodyKnowsThisScheme:totallyopaque"), 416),
    "novelsc": (plain("novelsc", method="OPTIONS", uri="soap.beep://192.0.2.103:3002"), 416),
    "unksm2": (
        plain("unksm2", method="REGISTER", to="isbn:2983792873", contact="<name:John_Smith>"),
        None,
    ),
    "bext01": (
        plain(
            "bext01",
            method="OPTIONS",
            extra="Require: nothingSupportsThis, nothingSupportsThisEither\n"
            "Proxy-Require: noProxiesSupportThis",
        ),
        420,
    ),
    "invut": (plain("invut", extra="Content-Type: application/unknownformat", body="<a/>"), 415),
    "regaut01": (
        plain(
            "regaut01",
            method="REGISTER",
            extra="Authorization: NoOneKnowsThisScheme opaque-data=here",
        ),
        None,
    ),
    "multi01": (
        plain("multi01", cseq="5 INVITE", extra="CSeq: 59 INVITE\nTo: sip:other@example.net"),
        400,
    ),
    "mcl01": (
        plain("mcl01", method="OPTIONS", length="13", extra="Content-Length: 5", body="0123456789"),
        400,
    ),
    # Only what travels on needs hops (section 3.3.11).
    "zeromf": (plain("zeromf", method="OPTIONS", hops="0"), None),
    "cparam01": (
        plain("cparam01", method="REGISTER", contact="sip:+19725552@gw1.example.net;unknownparam"),
        None,
    ),
    "cparam02": (
        plain(
            "cparam02",
            method="REGISTER",
            contact="<sip:+19725552222@gw1.example.net;unknownparam>",
        ),
        None,
    ),
    "regescrt": (
        plain(
            "regescrt",
            method="REGISTER",
            contact="<sip:user@example.com?Route=%3Csip:sip.example.com%3E>",
        ),
        None,
    ),
    "sdp01": (plain("sdp01", extra="Accept: text/nobodyKnowsThis"), 406),
    "inv2543": (
        raw("INVITE sip:UserB@example.com SIP/2.0\nVia: SIP/2.0/UDP iftgw.example.com\n"
            "From: <sip:+13035551111@ift.client.example.net;user=phone>\n"
            "Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>\n"
            "To: sip:+16505552222@ss1.example.net;user=phone\nCall-ID: inv2543.1717@example.com\n"
            "CSeq: 56 INVITE\nContent-Type: application/sdp\n"
            f"Content-Length: {len(SDP)}", SDP),
        None,
    ),
    # RFC 5118: addresses of version 6.
    "ipv6-good": (
        plain(
            "ipv6-good",
            method="REGISTER",
            uri="sip:[2001:db8::10]",
            via="SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111",
            contact="<sip:caller@[2001:db8::1]>",
        ),
        None,
    ),
    "ipv6-bad": (plain("ipv6-bad", method="REGISTER", uri="sip:2001:db8::10"), 400),
    "port-ambiguous": (
        plain("port-ambiguous", method="REGISTER", uri="sip:[2001:db8::10:5070]"),
        None,
    ),
    "port-unambiguous": (
        plain("port-unambiguous", method="REGISTER", uri="sip:[2001:db8::10]:5070"),
        None,
    ),
    "via-received-param-with-delim": (
        plain(
            "via-received-param-with-delim",
            method="BYE",
            via="SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bKas3-111",
        ),
        None,
    ),
    "via-received-param-no-delim": (
        plain(
            "via-received-param-no-delim",
            method="OPTIONS",
            via="SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3",
        ),
        None,
    ),
    "ipv6-in-sdp": (
        plain(
            "ipv6-in-sdp",
            uri="sip:user@[2001:db8::10]",
            extra="Content-Type: application/sdp",
            body=SDP.replace("IP4 192.0.2.5", "IP6 2001:db8::20"),
        ),
        None,
    ),
    "mult-ip-in-header": (
        plain(
            "mult-ip-in-header",
            method="BYE",
            uri="sip:user@host.example.net",
            via="SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bKas3-111",
            extra="Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKjhja8781hjuaij65144",
        ),
        None,
    ),
    # Section 4.8: the session's address is of version 6, one medium has its own of version 4.
    "mult-ip-in-sdp": (
        plain(
            "mult-ip-in-sdp",
            uri="sip:user@[2001:db8::10]",
            via="SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111",
            contact="<sip:caller@[2001:db8::9:1]>",
            extra="Content-Type: application/sdp",
            body=MULT_IP_SDP,
        ),
        None,
    ),
    "ipv4-mapped-ipv6": (
        plain(
            "ipv4-mapped-ipv6",
            via="SIP/2.0/UDP [::ffff:192.0.2.10]:19823;branch=z9hG4bKbh19",
            contact="<sip:caller@[::ffff:192.0.2.10]:19823>",
            extra="Content-Type: application/sdp",
            body=SDP.replace("IP4 192.0.2.5", "IP6 ::ffff:192.0.2.10"),
        ),
        None,
    ),
    # The grammar of RFC 3261 let three colons through; section 4.10 asks to bear with them.
    "ipv6-bug-abnf-3-colons": (
        plain(
            "ipv6-bug-abnf-3-colons",
            method="OPTIONS",
            uri="sip:user@[2001:db8:::192.0.2.1]",
        ),
        None,
    ),
    # What the field sends besides.
    "host with an underscore": (plain("a", contact="<sip:c@my_host.example.net>"), None),
    "user with a hash": (plain("b", uri="sip:#1234#@example.com"), None),
    "scheme in capitals": (plain("c", uri="SIP:user@example.com"), None),
    "tag in capitals": (plain("d", from_="<sip:caller@example.net>;TAG=1"), None),
    "star contact": (plain("e", method="REGISTER", contact="*", extra="Expires: 0"), None),
    "unquoted UTF-8 name": (plain("f", from_="Йожеф Ковач <sip:j@example.net>;tag=1"), None),
    "an unserved method": (plain("g", method="SUBSCRIBE"), 405),
    "no From tag": (plain("h", from_="<sip:caller@example.net>"), 400),
    "a URI without end": (plain("i", uri=f"sip:{'u' * 1_100}@example.com"), 414),
    "a body without end": (
        plain("j", extra="Content-Type: application/sdp", body="x" * 33_000),
        413,
    ),
    "a port over 65535": (plain("k", uri="sip:u@example.com:70000"), 400),
    "an encoded body": (
        plain("l", extra="Content-Type: application/sdp\nContent-Encoding: gzip", body="x"),
        415,
    ),
    "an optional odd body": (
        plain("m", extra="Content-Type: x/y\nContent-Disposition: x;handling=optional", body="x"),
        None,
    ),
    "a malformed ACK": (plain("n", method="ACK", cseq="1 INVITE"), 0),
    "a line that is no header": (plain("o", extra="this is no header"), 400),
    "no Via": (plain("p").replace(b"Via: ", b"X-Via: "), 0),
    "no empty line": (plain("q").removesuffix(b"\r\n\r\n"), 400),
}  # fmt: skip

RESPONSE_HEAD = (
    "Via: SIP/2.0/UDP 192.0.2.105;branch=z9hG4bK1\nTo: sip:user@example.com;tag=9\n"
    "From: sip:caller@example.net;tag=8\nCall-ID: r.1@192.0.2.2\nCSeq: 8 INVITE\n"
    "Content-Length: 0"
)
RESPONSES: dict[str, tuple[bytes, bool]] = {
    "unreason": (
        raw(f"SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять - простое\n{RESPONSE_HEAD}"),
        True,
    ),
    "noreason": (raw(f"SIP/2.0 100 \n{RESPONSE_HEAD}"), True),
    "no blank behind the code": (raw(f"SIP/2.0 100\n{RESPONSE_HEAD}"), True),
    "scalarlg": (
        raw(f"SIP/2.0 503 Gone\n{RESPONSE_HEAD}".replace("8 INV", "9292394834772304023312 INV")),
        False,
    ),
    "bcast": (
        raw("SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923\n"
            f"Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23\n{RESPONSE_HEAD}"),
        False,
    ),
    "another version": (raw(f"SIP/3.0 200 OK\n{RESPONSE_HEAD}"), False),
    "no To": (raw(f"SIP/2.0 200 OK\n{RESPONSE_HEAD}".replace("To:", "X-To:")), False),
}  # fmt: skip

# Nobody can be answered: there is neither a request nor a response to be seen.
UNREADABLE: dict[str, bytes] = {
    "bigcode": raw(f"SIP/2.0 4294967301 better not break the receiver\n{RESPONSE_HEAD}"),
    "code 099": raw(f"SIP/2.0 099 Low\n{RESPONSE_HEAD}"),
    "code 700": raw(f"SIP/2.0 700 High\n{RESPONSE_HEAD}"),
    "empty": b"",
    "noise": b"\xff\xfe\x00",
    "another protocol": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a method that is no token": plain("x", method="INV{TE"),
    "a line feed in a header": plain("x", extra="Subject: a\tb").replace(b"\t", b"\n"),
    "a carriage return in a header": plain("x", extra="Subject: a\tb").replace(b"\t", b"\r"),
    "too long": plain("x", body="x" * 66_000),
}
