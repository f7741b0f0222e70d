"""Who is in the demo's workspace, and what each may do with the billing scorecard."""

from dataclasses import dataclass

from app.domain.access import Access
from app.files import ScorecardFile
from app.playground import LocalSlack, Person


@dataclass(frozen=True)
class Cast:
    """Four people to act as, each of whom the bot answers differently.

    Ana, an engineer, administers the workspace and owns the scorecard. Ben, an engineer too,
    records readings and logs milestones. Gus, a guest in #billing alone, and Sam, of another
    organisation with which #billing is shared, see the scorecard and change nothing.
    """

    ana: Person
    ben: Person
    gus: Person
    sam: Person

    @classmethod
    def of(cls, slack: LocalSlack) -> "Cast":
        """The four of them, new in a workspace."""
        return cls(
            ana=slack.add_person("ana", real_name="Ana Beck", admin=True),
            ben=slack.add_person("ben", real_name="Ben Cole"),
            gus=slack.add_person("gus", real_name="Gus Hill", guest=True),
            sam=slack.add_person("sam", real_name="Sam Fox", stranger=True, tz="America/New_York"),
        )

    def named(self, name: str) -> Person:
        """One of them by their user name."""
        person: Person = getattr(self, name)
        return person

    @property
    def access(self) -> Access:
        """The access of the billing scorecard."""
        return Access(owners=(self.ana.id,), editors=(self.ben.id,))

    def owning_metrics(self, file: ScorecardFile) -> ScorecardFile:
        """The billing scorecard's file with Ana and Ben as the owners of all metrics but one."""
        owners = {
            "rollbacks": self.ana.id,
            "disagreeing-accounts": self.ana.id,
            "bad-debt": self.ben.id,
            "invoice-coverage": self.ben.id,
        }
        metrics = tuple(
            metric.model_copy(update={"owner": owners.get(metric.key)}) for metric in file.metrics
        )
        return file.model_copy(update={"metrics": metrics})
