using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Rotunda.Leaks.Matching;
using Rotunda.Ledger;
using Rotunda.Rotation.Words;

// One JSON line: how long it takes to tell whether a value is one of very many secrets' present or past ones.
var arguments =
    args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1], StringComparer.Ordinal);
var secrets = Number("secrets", 150_000);
var each = Number("credentials", 4);
var looks = Number("looks", 20);

var known = Enumerable.Range(0, secrets).SelectMany(secret =>
{
    var salt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    return Enumerable.Range(0, each).Select(one => new KnownFingerprint(
        $"secret-{secret:D6}", salt, ((long)secret * each) + one, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))));
}).ToList();
var begin = Stopwatch.GetTimestamp();
var index = new FingerprintIndex(known);
var building = Stopwatch.GetElapsedTime(begin);
using var found = SecretValue.FromText("postgres://orders:s3cr3t%2BValue-of-32-characters@db.internal/orders");
using var forms = new ValueForms(found);
var one = new List<double>();
var whole = new List<double>();
for (var look = 0; look < looks; look++)
{
    begin = Stopwatch.GetTimestamp();
    index.Find(forms.All[0].RevealBytes());
    one.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
    begin = Stopwatch.GetTimestamp();
    foreach (var form in forms.All)
    {
        index.Find(form.RevealBytes());
    }

    whole.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
}

Console.WriteLine(JsonSerializer.Serialize(new
{
    secrets = index.Secrets,
    fingerprints = index.Fingerprints,
    indexMs = Math.Round(building.TotalMilliseconds, 1),
    oneValueMedianMs = Median(one),
    forms = forms.All.Count,
    allFormsMedianMs = Median(whole),
}));

int Number(string name, int otherwise) =>
    arguments.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

double Median(List<double> times) => Math.Round(times.Order().ElementAt(times.Count / 2), 1);
