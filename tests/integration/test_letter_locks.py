# SPDX-License-Identifier: MIT
"""Everybody who writes letters holds duties first, then letters: whoever waits for a duty holds no letter that its holder may
want next."""
import contextlib

from channel import ScriptedSmtp
from deployment import run_tests, wait_until
from test_delivery import deployment, late, with_letters
from test_letters import applicant, told_upstream


@contextlib.contextmanager
def duty_in_hand(d):
    """A connection whose transaction holds the duty, as an official's does who is about to write the letter."""
    with d.connect() as hand, hand.transaction():
        hand.execute("SELECT FROM duty FOR UPDATE")
        yield hand


def wait_for_the_notifier_to_wait(d):
    wait_until(lambda: d.value("""SELECT count(*) FROM pg_stat_activity
                                  WHERE datname = current_database() AND usename = 'kipthoi_notifier' AND wait_event_type = 'Lock'"""),
               "the notifier waits for the duty")


def drafted(d):
    """One letter, drafted."""
    d.start("ingest", "scorer", "notifier")
    d.send_events([late("A", applicant=applicant(email="buoi@example.vn"))])
    d.wait_settled()
    with_letters(d)
    d.kipthoi("letters", "draft", "A", check=0)


def test_a_mail_that_was_taken():
    with ScriptedSmtp({}) as smtp, deployment(**{"mail.host": "127.0.0.1", "mail.port": smtp.port, "mail.security": "none"}) as d:
        drafted(d)
        d.stop("notifier")
        d.kipthoi("letters", "approve", "A", "--send", check=0)
        with duty_in_hand(d) as hand:
            d.start("notifier")
            wait_for_the_notifier_to_wait(d)
            hand.execute("SELECT FROM letter FOR UPDATE NOWAIT")
        wait_until(lambda: d.value("SELECT state::text FROM letter") == "sent", "the letter is sent")


def test_a_letter_that_upstream_told_of():
    with deployment() as d:
        drafted(d)
        with duty_in_hand(d) as hand:
            d.send_events([told_upstream("A", 1, "2026-06-10T08:30:00+07:00", d.value("SELECT letter_no FROM letter"))])
            wait_for_the_notifier_to_wait(d)
            hand.execute("SELECT FROM letter FOR UPDATE NOWAIT")
        wait_until(lambda: d.value("SELECT state::text FROM letter") == "sent", "the letter is sent")


if __name__ == "__main__":
    run_tests(globals())
