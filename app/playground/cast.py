"""Who is in a workspace that nobody furnished."""

from app.playground.local_slack import LocalSlack


def add_cast(slack: LocalSlack) -> None:
    """An owner, a member, a guest and somebody of another organisation, in three channels with the
    bot: #general without the last two, #random with all, and a private one of the first two."""
    ana = slack.add_person("ana", real_name="Ana Beck", owner=True)
    ben = slack.add_person("ben", real_name="Ben Cole")
    gus = slack.add_person("gus", real_name="Gus Hill", guest=True)
    sam = slack.add_person("sam", real_name="Sam Fox", stranger=True, tz="America/New_York")
    slack.add_channel("general", members=[ana, ben])
    slack.add_channel("random", members=[ana, ben, gus, sam])
    slack.add_channel("planning", members=[ana, ben], private=True)
