"""Believing a feed that says "not modified", and noticing when it should not be believed."""

from transforms.http_headers import NO_VALIDATORS, Validators
from transforms.validators import (
    MAX_IGNORED,
    VERIFY_EVERY,
    ValidatorState,
    validators_after,
    validators_to_send,
)

ONE = Validators(etag='W/"1"', last_modified="Sun, 22 Nov 2026 08:00:00 GMT")
TWO = Validators(etag='W/"2"', last_modified="Sun, 22 Nov 2026 09:00:00 GMT")


class Server:
    """A feed that honours validators, or lies about them; and the poller that asks it."""

    def __init__(
        self, *, always_unmodified: bool = False, frozen: bool = False, deaf: bool = False
    ) -> None:
        self.version = 0
        self.always_unmodified = always_unmodified
        self.frozen = frozen
        self.deaf = deaf
        self.state = ValidatorState()
        self.conditional_count = 0

    def poll(self) -> bool:
        """Ask once; whether there was a body."""
        sent = validators_to_send(self.state)
        self.conditional_count += bool(sent)
        current = Validators(etag='"frozen"' if self.frozen else f'"{self.version}"')
        is_same = bool(sent) and (self.always_unmodified or sent == current)
        has_body = self.deaf or not is_same
        self.state = validators_after(
            self.state,
            sent=sent,
            received=current if has_body else NO_VALIDATORS,
            content_sha256=f"{self.version}" if has_body else None,
        )
        return has_body


def test_validators_are_sent_verbatim() -> None:
    """From the first answer on."""
    state = validators_after(ValidatorState(), sent=NO_VALIDATORS, received=ONE, content_sha256="a")

    assert validators_to_send(ValidatorState()) == NO_VALIDATORS
    assert validators_to_send(state) == ONE


def test_both_are_updated_on_every_body() -> None:
    """Also where the body says the same."""
    state = ValidatorState(validators=ONE, content_sha256="a")
    after = validators_after(state, sent=ONE, received=TWO, content_sha256="a")

    assert after.validators == TWO
    assert after.is_trusted


def test_a_304_may_bring_new_ones() -> None:
    """What it does not name stays."""
    state = ValidatorState(validators=ONE, content_sha256="a")
    after = validators_after(
        state, sent=ONE, received=Validators(etag='W/"2"'), content_sha256=None
    )

    assert after.validators == Validators('W/"2"', ONE.last_modified)


def test_an_honest_feed_stays_trusted() -> None:
    """Over hundreds of polls, whenever it changes; and nearly all of them are conditional."""
    for rhythm in (1, 2, 3, 7, VERIFY_EVERY, 10, 50):
        server = Server()
        for number in range(400):
            server.version += number % rhythm == 0 and rhythm > 0
            server.poll()
        assert server.state.is_trusted, server.state
        assert server.conditional_count >= 400 * (VERIFY_EVERY - 1) / (VERIFY_EVERY + 1)


def test_a_quiet_feed_is_verified_now_and_then() -> None:
    """One poll in so many asks without validators."""
    server = Server()
    bodies = [server.poll() for _ in range(1 + 3 * (VERIFY_EVERY + 1))]

    assert bodies.count(True) == 4
    assert server.state.is_trusted


def test_a_feed_that_is_never_modified_is_caught() -> None:
    """It says 304 to whatever it is sent, and has something new whenever it is sent nothing."""
    server = Server(always_unmodified=True)
    polls = 0
    while server.state.is_trusted:
        server.version += 1
        server.poll()
        polls += 1
        assert polls < 5 * VERIFY_EVERY
    assert server.state.distrust_reason
    server.version += 1
    assert server.poll()
    assert validators_to_send(server.state) == NO_VALIDATORS


def test_one_etag_for_two_bodies_is_a_lie() -> None:
    """Caught at the first poll that brings the second body."""
    server = Server(frozen=True)
    server.poll()
    server.version += 1
    while not server.poll():
        pass

    assert not server.state.is_trusted
    assert server.state.distrust_reason == "It gave two different bodies the same ETag."


def test_a_feed_that_ignores_validators_is_not_sent_them_for_long() -> None:
    """The same body again and again, with 200."""
    server = Server(deaf=True)
    for _ in range(1 + MAX_IGNORED):
        assert server.state.is_trusted
        server.poll()

    assert not server.state.is_trusted


def test_last_modified_alone_may_stand_for_two_bodies() -> None:
    """It counts in seconds: no lie."""
    only = Validators(last_modified=ONE.last_modified)
    state = ValidatorState(validators=only, content_sha256="a")

    assert validators_after(state, sent=only, received=only, content_sha256="b").is_trusted


def test_distrust_stays() -> None:
    """Until somebody begins anew; the content is still compared."""
    state = ValidatorState(
        validators=ONE, content_sha256="a", is_trusted=False, distrust_reason="x"
    )
    after = validators_after(state, sent=NO_VALIDATORS, received=TWO, content_sha256="b")

    assert (after.is_trusted, after.distrust_reason, after.content_sha256) == (False, "x", "b")
