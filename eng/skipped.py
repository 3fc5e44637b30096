"""Lists the tests that were skipped, by reason, from the XML that xunit writes. usage: skipped.py RESULTS.xml"""
import pathlib
import sys
import xml.etree.ElementTree as xml

results = pathlib.Path(sys.argv[1])
reasons = {}
for test in xml.parse(results).iter("test") if results.exists() else []:
    if test.get("result") == "Skip":
        reasons.setdefault(test.findtext("reason", "no reason given").strip(), []).append(test.get("name"))
for reason, tests in sorted(reasons.items()):
    print(f"  {reason.rstrip('.')}:")
    for test in sorted(tests):
        print(f"    {test}")
