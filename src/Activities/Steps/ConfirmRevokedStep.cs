using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// Settles what no API could revoke. A value that is refused has ended, whoever says what; one that works has not, whoever says that it
/// has. Where it cannot be tried, a person's word is taken, on record.
/// </summary>
internal sealed class ConfirmRevokedStep(StepServices services) : IStep
{
    public string Kind => StepKinds.ConfirmRevoked;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var fresh = await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken);
        var all = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        var open = all.Where(one => one.State == CredentialState.Revoking && one.Id != fresh?.Id).ToList();
        var word = await WordAsync(context, cancellationToken);
        var (settled, left) = (new List<string>(), new List<string>());
        foreach (var credential in open)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"#{credential.Id}");
            if (await LeftAsync(context, credential, word, cancellationToken) is { } why)
            {
                left.Add($"{name}{(credential.ProviderCredentialId is { } id ? $" ({id})" : "")}: {why}");
            }
            else
            {
                settled.Add(name);
            }
        }

        await services.DiscardRevokedAsync(context, cancellationToken);
        return left.Count > 0
            ? StepOutcome.RetryLater(
                $"{string.Join("; ", left)}. End it at {context.Binding?.Type}, then say so: rotunda confirm {context.Rotation.Id}")
            : open.Count == 0 ? StepOutcome.AlreadyDone()
            : StepOutcome.Done(("settled", string.Join(", ", settled)));
    }

    /// <summary>Null once it is settled; else why it is not.</summary>
    private async Task<string?> LeftAsync(
        StepContext context, CredentialRecord credential, Word? word, CancellationToken cancellationToken)
    {
        if (word is { Leaves: true })
        {
            await services.Ledger.RecordOrphanAsync(
                context.Rotation.Id, credential.Id, StepServices.Note(credential),
                $"to be revoked by hand: {word.By} let the rotation end without it", cancellationToken);
            return null;
        }

        var verification = await TryAsync(context, credential, cancellationToken);
        var ended = verification is { Validity: Validity.Invalid, Authenticates: false } ? $"refused: {verification.Detail}"
            : verification is null && word is not null ? $"ended at its system, by the word of {word.By}"
            : null;
        if (ended is not null)
        {
            await services.Ledger.RecordRevokedAsync(context.Rotation.Id, credential.Id, ended, cancellationToken);
            return null;
        }

        return verification is null ? "the old credential is to be ended by a person, and cannot be tried"
            : verification.Validity == Validity.CannotTell
                ? $"whether the old credential still works could not be asked ({verification.Detail})"
            : "the old credential still works";
    }

    /// <summary>Null if it cannot be tried: its value is not known, or its system offers no way.</summary>
    private async Task<Verification?> TryAsync(StepContext context, CredentialRecord credential, CancellationToken cancellationToken)
    {
        if (services.Ability<IVerifyCredentials>(context) is not { } verifier
            || await services.TryReadAsync(context, credential.Value, cancellationToken) is not { } read)
        {
            return null;
        }

        using var value = read;
        return await services.Outside.RunAsync(
            context, () => verifier.VerifyAsync(context.Call!, StepServices.Handle(credential), value, cancellationToken));
    }

    /// <summary>The last that a person said of it; null if nobody said anything.</summary>
    private async Task<Word?> WordAsync(StepContext context, CancellationToken cancellationToken)
    {
        Word? word = null;
        foreach (var row in await services.Ledger.ReadRotationAsync(context.Rotation.Id, cancellationToken))
        {
            word = row.Action switch
            {
                RotationActions.RevokeConfirmed => new Word(row.Actor, Leaves: false),
                RotationActions.RevokeLeft => new Word(row.Actor, Leaves: true),
                _ => word,
            };
        }

        return word;
    }

    private sealed record Word(string By, bool Leaves);
}
