using System.Globalization;
using Rotunda.Providers.Clients.Pulumi;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.PulumiEsc;

internal sealed class PulumiEscProvider : IProvider, IDeliverValues, IConfirmSync, IValidateSetup, IDisposable
{
    /// <summary>How often a write is tried anew within one attempt, because someone else wrote first.</summary>
    private const int MostWrites = 4;
    private readonly WebClients _clients = new();

    public ProviderDescriptor Descriptor => PulumiEscDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) => WebGuard.OutcomeAsync(async () =>
    {
        var keys = KeysOf(call.Settings);
        var client = await OpenAsync(call, cancellationToken);
        var tag = call.Settings.Text(PulumiEscDescriptor.Tag);
        if (IsConfirm(call))
        {
            var revision = await client.TagAsync(tag ?? EscClient.Latest, cancellationToken)
                ?? throw new WebFailureException(
                    StepOutcome.Rejected(
                        $"The environment {client.Name} has no revision tag '{tag}', or the token may not see it. Make "
                            + "the tag, or leave it out."));
            await client.OpenAsync(revision, cancellationToken);
            return StepOutcome.Done(("environment", client.Name), ("revision", Text(revision)));
        }

        var standing = await client.ReadAsync(cancellationToken);
        foreach (var path in keys.Keys)
        {
            // Would it be possible to write there?
            _ = EscDocument.Parse(standing.Text).WithSecret(path, "x");
        }

        return StepOutcome.Done(("environment", client.Name), ("revision", Text(standing.Number)));
    });

    public async Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        if (IsConfirm(call))
        {
            return null;
        }

        var client = await OpenAsync(call, cancellationToken);
        var standing = await client.ReadAsync(cancellationToken);
        var tagged = call.Settings.Text(PulumiEscDescriptor.Tag) is { } tag ? await client.TagAsync(tag, cancellationToken) : null;
        return new EscSnapshot(standing.Text, standing.Number, tagged).ToValue();
    }

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            if (IsConfirm(call))
            {
                return StepOutcome.AlreadyDone(("mode", PulumiEscDescriptor.Confirm));
            }

            var rendered = Rendered(call.Settings, values);
            var client = await OpenAsync(call, cancellationToken);
            var (revision, changed) = await WriteAsync(client, async (standing) =>
            {
                var plain = EscDocument.Parse(await client.DecryptAsync(null, cancellationToken));
                var document = EscDocument.Parse(standing.Text);
                return rendered.All(pair => plain.At(pair.Path)?.Secret is { Kind: EscNodeKind.Scalar } inner
                    && inner.Value == pair.Value) ? document
                    : rendered.Aggregate(document, (edited, pair) => edited.WithSecret(pair.Path, pair.Value));
            }, cancellationToken);
            var tag = call.Settings.Text(PulumiEscDescriptor.Tag);
            changed |= tag is not null && await PointAsync(client, tag, revision, cancellationToken);
            return StepOutcome.Done(("environment", client.Name), ("revision", Text(revision)), ("tag", tag)) with
            {
                Kind = changed ? StepOutcomeKind.Done : StepOutcomeKind.AlreadyDone,
            };
        });

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            if (IsConfirm(call) || captured is null)
            {
                return StepOutcome.AlreadyDone();
            }

            var (snapshot, paths) = (EscSnapshot.Of(captured), KeysOf(call.Settings).Keys);
            var client = await OpenAsync(call, cancellationToken);
            int? ours = int.TryParse(
                call.Delivery.GetValueOrDefault("revision"),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var recorded) ? recorded : null;
            var (revision, changed) = await WriteAsync(client, standing =>
            {
                var isOursAlone = standing.Number == ours && ours == snapshot.Revision + 1;
                return Task.FromResult(
                    EscRestoring.Restored(EscDocument.Parse(standing.Text), EscDocument.Parse(snapshot.Text), [.. paths], isOursAlone));
            }, cancellationToken);
            if (call.Settings.Text(PulumiEscDescriptor.Tag) is { } tag)
            {
                changed |= await PointBackAsync(client, tag, snapshot, ours, revision, [.. paths], cancellationToken);
            }

            return StepOutcome.Done(("environment", client.Name), ("revision", Text(revision))) with
            {
                Kind = changed ? StepOutcomeKind.Done : StepOutcomeKind.AlreadyDone,
            };
        });

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            var rendered = Rendered(call.Settings, expected);
            var client = await OpenAsync(call, cancellationToken);
            var tag = call.Settings.Text(PulumiEscDescriptor.Tag);
            if (await client.TagAsync(tag ?? EscClient.Latest, cancellationToken) is not { } revision)
            {
                return StepOutcome.Missing($"The environment {client.Name} has no revision tag '{tag ?? EscClient.Latest}' yet.");
            }

            var open = await client.OpenAsync(revision, cancellationToken);
            foreach (var (path, text) in rendered)
            {
                using var wanted = SecretValue.FromText(text);
                using var found = EscRestoring.Value(open, path);
                if (found?.ValueEquals(wanted) != true)
                {
                    return found is null
                        ? StepOutcome.Missing($"Revision {revision} of {client.Name} has no value at {path.Text}.")
                        : StepOutcome.Differs(
                            $"Revision {revision} of {client.Name} has the value {Fingerprint.Of(found, expected.Salt)} at {path.Text}, "
                                + $"not {Fingerprint.Of(wanted, expected.Salt)}.");
                }
            }

            return StepOutcome.Done(("environment", client.Name), ("revision", Text(revision)), ("tag", tag));
        });

    public void Dispose() => _clients.Dispose();

    /// <summary>Reads, changes and writes, again while someone else writes in between. The revision that then stands, and whether
    /// it is a new one.</summary>
    private static async Task<(int Revision, bool Changed)> WriteAsync(
        EscClient client,
        Func<EscRevision, Task<EscDocument>> change,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MostWrites; attempt++)
        {
            var standing = await client.ReadAsync(cancellationToken);
            var changed = await change(standing);
            if (changed.Text == standing.Text)
            {
                return (standing.Number, false);
            }

            if (await client.WriteAsync(changed.Text, standing.Tag, cancellationToken) is { } revision)
            {
                return (revision, true);
            }
        }

        throw new WebFailureException(
            StepOutcome.RetryLater(
                $"The environment {client.Name} is being changed by others: {MostWrites} times someone else was first."));
    }

    private static async Task<bool> PointAsync(EscClient client, string tag, int revision, CancellationToken cancellationToken)
    {
        var standing = await client.TagAsync(tag, cancellationToken);
        if (standing == revision)
        {
            return false;
        }

        await (standing is null
            ? client.MakeTagAsync(tag, revision, cancellationToken)
            : client.MoveTagAsync(tag, revision, cancellationToken));
        return true;
    }

    /// <summary>
    /// To where it pointed, if it points to the revision that our delivery made. If others have moved it since, it stays where it is,
    /// unless other values are given out there than before: then to the newest revision, which is theirs with the values from before.
    /// </summary>
    /// <param name="ours">The revision that our delivery recorded; null if none is on record: it may have been made, or never was.</param>
    private static async Task<bool> PointBackAsync(
        EscClient client,
        string tag,
        EscSnapshot snapshot,
        int? ours,
        int newest,
        IReadOnlyList<ValuePath> paths,
        CancellationToken cancellationToken)
    {
        if (await client.TagAsync(tag, cancellationToken) is not { } standing || standing == snapshot.Tagged)
        {
            return false;
        }

        if (standing != ours && await AreSameAsync(client, standing, snapshot.Revision, paths, cancellationToken))
        {
            return false;
        }

        if (standing != ours && (ours is not null || standing != snapshot.Revision + 1))
        {
            return await PointAsync(client, tag, newest, cancellationToken);
        }

        if (snapshot.Tagged is not { } tagged)
        {
            await client.RemoveTagAsync(tag, cancellationToken);
            return true;
        }

        return await PointAsync(client, tag, tagged, cancellationToken);
    }

    /// <summary>In the clear: who saves an unchanged value may get another ciphertext.</summary>
    private static async Task<bool> AreSameAsync(
        EscClient client,
        int one,
        int other,
        IReadOnlyList<ValuePath> paths,
        CancellationToken cancellationToken)
    {
        var (first, second) = (
            EscDocument.Parse(await client.DecryptAsync(one, cancellationToken)),
            EscDocument.Parse(await client.DecryptAsync(other, cancellationToken)));
        return paths.All(path => EscRestoring.Same(first.At(path), second.At(path)));
    }

    private async Task<EscClient> OpenAsync(ProviderCall call, CancellationToken cancellationToken) => new(
        await PulumiApi.OpenAsync(
            _clients.Begin(call, "Pulumi Cloud"),
            call.Settings,
            PulumiEscDescriptor.Url,
            PulumiEscDescriptor.Token,
            cancellationToken),
        call.Settings.RequiredText(PulumiEscDescriptor.Organization),
        call.Settings.Text(PulumiEscDescriptor.Project) ?? PulumiEscDescriptor.DefaultProject,
        call.Settings.RequiredText(PulumiEscDescriptor.Environment));

    private static bool IsConfirm(ProviderCall call) => call.Settings.Text(PulumiEscDescriptor.Mode) == PulumiEscDescriptor.Confirm;

    private static List<(ValuePath Path, string Value)> Rendered(ProviderSettings settings, DeliveredValues values) =>
        [.. KeysOf(settings).Select(pair => (pair.Key, pair.Value.Render(values)))];

    private static Dictionary<ValuePath, DeliveryTemplate> KeysOf(ProviderSettings settings)
    {
        var keys = settings.TextMap(PulumiEscDescriptor.Keys);
        return keys.Count == 0 ? throw new DeliveryException(
            "'keys' is empty. Name at least one path with its template, such as environmentVariables.API_KEY: \"{value}\".")
            : keys.ToDictionary(
                pair => ValuePath.TryParse(pair.Key)
                    ?? throw new DeliveryException(
                        $"'{pair.Key}' is no path of ESC. Write one such as environmentVariables.API_KEY or pulumiConfig[\"app:key\"]."),
                pair => DeliveryTemplate.Parse(pair.Value));
    }

    private static string Text(int revision) => revision.ToString(CultureInfo.InvariantCulture);
}
