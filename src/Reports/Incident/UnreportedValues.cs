using Rotunda.Reports.Folding;

namespace Rotunda.Reports.Incident;

/// <summary>
/// The values that the emergencies of an incident were to end, where nobody had reported them: what was in use when an emergency was
/// planned, and what else it revoked. Each counts from the first wish for its end, and is dead when it was revoked, by whatever rotation;
/// an emergency that went back ended nothing.
/// </summary>
internal sealed class UnreportedValues(AuditFold all, IReadOnlyList<LeakStory> leaks)
{
    public IEnumerable<Exposure> Of(IEnumerable<RotationStory> rotations) => rotations
        .GroupBy(one => one.Secret, StringComparer.Ordinal)
        .SelectMany(some => OfSecret(some.Key, [.. some.OrderBy(one => one.Number)]));

    private IEnumerable<Exposure> OfSecret(string secret, IReadOnlyList<RotationStory> rotations)
    {
        var told = leaks.Select(leak => leak.Credential).ToHashSet();
        foreach (var rotation in rotations.Where(rotation => rotation.Before is { Credential: { } before } && told.Add(before)))
        {
            var value = rotation.Before!;
            yield return Make(rotation, value.Fingerprint, all.Deaths.TryGetValue(value.Credential!.Value, out var at) ? at : null);
        }

        // Its id is not told before it is revoked.
        var adopted = rotations.FirstOrDefault(rotation => rotation.Before is null);
        foreach (var (rotation, revoked) in rotations.SelectMany(one => one.Revoked.Select(revoked => (one, revoked))))
        {
            var isAdopted = !all.Secrets[secret].Made.Contains(revoked.Credential);
            if (told.Add(revoked.Credential))
            {
                yield return Make(isAdopted && adopted is not null ? adopted : rotation, revoked.Fingerprint, revoked.At);
            }
        }

        // Another rotation may have revoked it. Where the secret had no value known here, one that succeeds has nothing to revoke.
        var (story, dead) = (all.Secrets[secret], all.Secrets[secret].AdoptedDeadAt);
        if (adopted is not null && rotations.All(one => one.Revoked.TrueForAll(revoked => story.Made.Contains(revoked.Credential)))
            && (dead > adopted.PlannedAt || (dead is null && rotations.All(one => one.State != "succeeded"))))
        {
            yield return Make(adopted, null, dead);
        }
    }

    private static Exposure Make(RotationStory rotation, string? fingerprint, DateTimeOffset? deadAt) => new(
        rotation.Secret, fingerprint, $"by {rotation.RequestedBy}, with the rotation {rotation.Id}", [], rotation.PlannedAt, deadAt,
        IncidentFold.Seconds(rotation.PlannedAt, deadAt));
}
