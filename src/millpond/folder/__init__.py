"""A service folder opened: the object that a person asks.

service = millpond.open("victim-support")
service.measure(by="week")
service.waits()
service.simulate(days=182)
service.report().save("report.html")
"""

from millpond.folder.asked import Checked, Folder

__all__ = ["Checked", "Folder"]
