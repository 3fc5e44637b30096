using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Aws;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.Aws;

/// <summary>The calls of Secrets Manager that rotation needs: JSON 1.1 over POST, signed.</summary>
internal sealed class AwsClient(WebSession session, ProviderSettings settings, AwsCredentialSource source)
{
    public const string Current = "AWSCURRENT";
    public const string Pending = "AWSPENDING";

    /// <summary>The description of secrets that Rotunda made: others it never deletes.</summary>
    public const string Ours = "Kept by Rotunda";

    public WebSession Session => session;

    /// <summary>The labels of each version that has any; null if there is no such secret.</summary>
    public async Task<AwsSecret?> DescribeAsync(string secret, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await CallAsync("DescribeSecret", new JsonObject { ["SecretId"] = secret }, changes: false, cancellationToken);
            return new AwsSecret(answer);
        }
        catch (AwsRefusal refusal) when (refusal.Type == AwsRefusal.NotFound)
        {
            return null;
        }
    }

    /// <summary>One version's value, by its id or by a label; null if there is none.</summary>
    public async Task<AwsValue?> GetAsync(string secret, string? version, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["SecretId"] = secret };
        input[version is null ? "VersionStage" : "VersionId"] = version ?? Current;
        try
        {
            return new AwsValue(await CallAsync("GetSecretValue", input, changes: false, cancellationToken));
        }
        catch (AwsRefusal refusal) when (refusal.Type == AwsRefusal.NotFound)
        {
            return null;
        }
    }

    /// <summary>Makes a secret without a value. One that exists is fine.</summary>
    public async Task CreateAsync(string secret, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["Name"] = secret, ["ClientRequestToken"] = Guid.NewGuid().ToString(), ["Description"] = Ours };
        if (settings.Text(AwsDescriptor.KmsKey) is { } key)
        {
            input["KmsKeyId"] = key;
        }

        try
        {
            await CallAsync("CreateSecret", input, changes: true, cancellationToken);
        }
        catch (AwsRefusal refusal) when (refusal.Type == AwsRefusal.Exists)
        {
            // That is what was wanted.
        }
    }

    /// <summary>Adds a version. False if the id is another value's.</summary>
    /// <param name="id">Of the version: 32 to 64 characters. The same id with the same value changes nothing.</param>
    /// <param name="labels">Null: AWSCURRENT moves to it.</param>
    /// <returns>The version's labels, or null if the id is taken.</returns>
    public async Task<IReadOnlyList<string>?> PutAsync(
        string secret,
        string id,
        SecretValue value,
        IReadOnlyList<string>? labels,
        CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["SecretId"] = secret, ["ClientRequestToken"] = id };
        if (AwsValue.IsText(value))
        {
            input["SecretString"] = value.RevealText();
        }
        else
        {
            input["SecretBinary"] = Convert.ToBase64String(value.RevealBytes());
        }

        if (labels is not null)
        {
            input["VersionStages"] = new JsonArray([.. labels.Select(label => (JsonNode)label)]);
        }

        try
        {
            var answer = await CallAsync("PutSecretValue", input, changes: true, cancellationToken);
            return [.. (answer["VersionStages"] as JsonArray ?? []).Select(label => (string)label!)];
        }
        catch (AwsRefusal refusal) when (refusal.Type == AwsRefusal.Exists)
        {
            return null;
        }
    }

    /// <summary>Moves a label, puts it on (from null) or takes it off (to null).</summary>
    public Task MoveAsync(string secret, string label, string? from, string? to, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["SecretId"] = secret, ["VersionStage"] = label };
        if (from is not null)
        {
            input["RemoveFromVersionId"] = from;
        }

        if (to is not null)
        {
            input["MoveToVersionId"] = to;
        }

        return CallAsync("UpdateSecretVersionStage", input, changes: true, cancellationToken);
    }

    /// <summary>Schedules the secret for deletion. One that is gone is fine.</summary>
    public async Task DeleteAsync(string secret, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(
                "DeleteSecret",
                new JsonObject { ["SecretId"] = secret, ["RecoveryWindowInDays"] = 7 },
                changes: true,
                cancellationToken);
        }
        catch (AwsRefusal refusal) when (refusal.Type == AwsRefusal.NotFound)
        {
            // Gone already.
        }
    }

    /// <summary>Deletes the secret at once, without a way back; false if we may not. One that is gone is fine.</summary>
    public async Task<bool> TryDestroyAsync(string secret, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(
                "DeleteSecret",
                new JsonObject { ["SecretId"] = secret, ["ForceDeleteWithoutRecovery"] = true },
                changes: true,
                cancellationToken);
            return true;
        }
        catch (AwsRefusal refusal) when (refusal.Type is AwsRefusal.NotFound or AwsRefusal.Denied)
        {
            return refusal.Type == AwsRefusal.NotFound;
        }
    }

    public Task RestoreAsync(string secret, CancellationToken cancellationToken) =>
        CallAsync("RestoreSecret", new JsonObject { ["SecretId"] = secret }, changes: true, cancellationToken);

    private async Task<JsonObject> CallAsync(string operation, JsonObject input, bool changes, CancellationToken cancellationToken)
    {
        var region = settings.RequiredText(AwsDescriptor.Region);
        var address = WebAddress.Base(
            settings.Text(AwsDescriptor.Address) ?? $"https://secretsmanager.{region}.amazonaws.com",
            AwsDescriptor.Address);
        var credentials = await source.GetAsync(session, settings, cancellationToken);
        var body = Encoding.UTF8.GetBytes(input.ToJsonString());
        (string Name, string Value)[] headers = [("X-Amz-Target", $"secretsmanager.{operation}")];
        const string type = "application/x-amz-json-1.1";
        var request = new WebRequest(HttpMethod.Post, address, changes)
        {
            Body = body,
            ContentType = type,
            CarriesValue = true,
            Headers =
            [
                .. headers,
                .. AwsSignature.Sign(
                    "POST",
                    address,
                    [.. headers, ("Content-Type", type)],
                    body,
                    credentials,
                    region,
                    "secretsmanager",
                    session.Time.GetUtcNow()),
            ],
        };
        using var reply = await session.SendAsync(request, cancellationToken);
        if (!reply.IsSuccess)
        {
            var refusal = AwsRefusal.Of(
                session,
                reply,
                isTemporary: credentials.SessionToken is not null && settings.Text(AwsDescriptor.SessionToken) is null);
            if (refusal.IsOfCredentials)
            {
                source.Forget(settings);
            }

            throw refusal;
        }

        return reply.Json() as JsonObject
            ?? throw session.Failure(StepOutcome.Unknown($"AWS Secrets Manager: {operation} answered no JSON."));
    }
}
