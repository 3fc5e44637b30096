"""Lists the tests that were skipped, by reason, from the XML that xunit writes. usage: skipped.py RESULTS.xml"""
import sys
import xml.etree.ElementTree as xml

reasons = {}
for test in xml.parse(sys.argv[1]).iter("test"):
    if test.get("result") == "Skip":
        reasons.setdefault(test.findtext("reason", "no reason given").strip(), []).append(test.get("name"))
for reason, tests in sorted(reasons.items()):
    print(f"  skipped, {reason}:")
    for test in sorted(tests):
        print(f"    {test}")
