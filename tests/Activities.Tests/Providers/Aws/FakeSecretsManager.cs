using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Aws;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Aws;

/// <summary>
/// AWS Secrets Manager as its API reference describes it: versions, staging labels that are on one version at a time, idempotent
/// puts by token, soft deletion. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
/// Requests must be signed; the fake signs again and compares.
/// </summary>
internal sealed class FakeSecretsManager
{
    public const string KeyId = "AKIDCONFORMANCE";
    public const string Key = "aws-secret-access-key-5d1c77/xQ";
    private readonly FakeVendor _vendor;

    public FakeSecretsManager(FakeVendor vendor)
    {
        _vendor = vendor;
        vendor.On("POST", "/", Answer);
    }

    public Dictionary<string, FakeSecret> Secrets { get; } = new(StringComparer.Ordinal);

    /// <summary>Of temporary credentials that requests must come with; null for the plain key.</summary>
    public AwsCredentials Expected { get; set; } = new(KeyId, Key, null);

    /// <summary>Whether secrets may be deleted for good.</summary>
    public bool MayDelete { get; set; } = true;

    /// <summary>The errors that the next requests get (null: of any operation), before anything else is looked at.</summary>
    public Queue<(string? Operation, string Type)> Refusals { get; } = new();

    public string State() =>
        string.Join(
            '\n',
            Secrets.Where(s => !s.Value.Deleted).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}: {s.Value}"));

    private FakeReply Answer(FakeRequest request)
    {
        var target = request.Header("X-Amz-Target")!;
        CheckSignature(request, target);
        if (Refusals.TryPeek(out var next) && (next.Operation is null || target == $"secretsmanager.{next.Operation}"))
        {
            return Error(Refusals.Dequeue().Type);
        }

        return target switch
        {
            "secretsmanager.CreateSecret" => Create(request.Json("Name", "ClientRequestToken", "Description", "KmsKeyId?")),
            "secretsmanager.DescribeSecret" => With(request.Json("SecretId"), Describe),
            "secretsmanager.GetSecretValue" => With(request.Json("SecretId", "VersionId?", "VersionStage?"), Get),
            "secretsmanager.PutSecretValue" =>
                With(request.Json("SecretId", "ClientRequestToken", "SecretString?", "SecretBinary?", "VersionStages?"), Put),
            "secretsmanager.UpdateSecretVersionStage" =>
                With(request.Json("SecretId", "VersionStage", "RemoveFromVersionId?", "MoveToVersionId?"), Move),
            "secretsmanager.DeleteSecret" => Delete(request.Json("SecretId", "RecoveryWindowInDays?", "ForceDeleteWithoutRecovery?")),
            "secretsmanager.RestoreSecret" => With(request.Json("SecretId"), (_, secret) => Deleted(secret, false)),
            _ => throw new FakeVendorException($"no operation {target}"),
        };
    }

    private void CheckSignature(FakeRequest request, string target)
    {
        request.Require(request.ContentType == "application/x-amz-json-1.1", $"the content type is {request.ContentType}");
        var at = DateTimeOffset.ParseExact(
            request.Header("X-Amz-Date")!,
            "yyyyMMdd'T'HHmmss'Z'",
            null,
            System.Globalization.DateTimeStyles.AssumeUniversal);
        request.Require(request.Header("X-Amz-Security-Token") == Expected.SessionToken, "the session token is another");
        var signed = AwsSignature.Sign(
            "POST",
            new Uri(_vendor.Address + "/"),
            [("X-Amz-Target", target), ("Content-Type", "application/x-amz-json-1.1")],
            request.Body,
            Expected,
            "eu-central-1",
            "secretsmanager",
            at);
        request.RequireHeader("Authorization", signed.Single(header => header.Name == "Authorization").Value);
    }

    private FakeReply With(JsonObject input, Func<JsonObject, FakeSecret, FakeReply> work) =>
        Secrets.TryGetValue((string)input["SecretId"]!, out var secret) ? work(input, secret) : Error("ResourceNotFoundException");

    private FakeReply Create(JsonObject input)
    {
        if (!Secrets.TryAdd((string)input["Name"]!, new FakeSecret { Description = (string)input["Description"]! }))
        {
            return Error("ResourceExistsException");
        }

        return FakeReply.Json(200, new JsonObject { ["Name"] = (string)input["Name"]! });
    }

    private static FakeReply Describe(JsonObject input, FakeSecret secret)
    {
        var answer = new JsonObject { ["Name"] = (string)input["SecretId"]! };
        if (secret.Description is not null)
        {
            answer["Description"] = secret.Description;
        }

        if (secret.Rotates)
        {
            answer["RotationEnabled"] = true;
        }

        if (secret.Deleted)
        {
            answer["DeletedDate"] = 1.7e9;
        }

        var labels = new JsonObject();
        foreach (var version in secret.Versions.Where(v => v.Labels.Count > 0))
        {
            labels[version.Id] = new JsonArray([.. version.Labels.Select(l => (JsonNode)l)]);
        }

        answer["VersionIdsToStages"] = labels;
        if (secret.Replicas.Count > 0)
        {
            answer["ReplicationStatus"] = new JsonArray([.. secret.Replicas.Select(r => (JsonNode)new JsonObject
            {
                ["Region"] = r.Key,
                ["Status"] = r.Value,
            })]);
        }

        return FakeReply.Json(200, answer);
    }

    private static FakeReply Get(JsonObject input, FakeSecret secret)
    {
        if (secret.Deleted)
        {
            return Error("InvalidRequestException");
        }

        var stage = (string?)input["VersionStage"];
        var version = secret.Versions.FirstOrDefault(v => input["VersionId"] is { } id ? v.Id == (string)id! : v.Labels.Contains(stage!));
        if (version is null)
        {
            return Error("ResourceNotFoundException");
        }

        var answer =
            new JsonObject { ["VersionId"] = version.Id, ["VersionStages"] = new JsonArray([.. version.Labels.Select(l => (JsonNode)l)]) };
        answer[version.Binary ? "SecretBinary" : "SecretString"] = version.Value;
        return FakeReply.Json(200, answer);
    }

    private static FakeReply Put(JsonObject input, FakeSecret secret)
    {
        if (secret.Deleted)
        {
            return Error("InvalidRequestException");
        }

        var (id, binary) = ((string)input["ClientRequestToken"]!, input["SecretBinary"] is not null);
        var value = (string)(input["SecretBinary"] ?? input["SecretString"])!;
        if (id.Length is < 32 or > 64 || value.Length == 0)
        {
            return Error("InvalidParameterException");
        }

        if (secret.Versions.Find(v => v.Id == id) is { } known)
        {
            return known.Value == value ? Stored(known) : Error("ResourceExistsException");
        }

        var labels = input["VersionStages"] is JsonArray asked ? asked.Select(l => (string)l!).ToList() : ["AWSCURRENT"];
        var isFirst = secret.Versions.Count == 0;
        if (secret.IsTooManyWith([.. labels, .. isFirst ? ["AWSCURRENT"] : Array.Empty<string>()]))
        {
            return Error("LimitExceededException");
        }

        var version = new FakeVersion(id, value, binary);
        secret.Versions.Add(version);
        foreach (var label in labels)
        {
            secret.Attach(label, version);
        }

        if (isFirst)
        {
            secret.Attach("AWSCURRENT", version);
        }

        return Stored(version);
    }

    private static FakeReply Move(JsonObject input, FakeSecret secret)
    {
        if (secret.Deleted)
        {
            return Error("InvalidRequestException");
        }

        var (label, from, to) = ((string)input["VersionStage"]!, (string?)input["RemoveFromVersionId"], (string?)input["MoveToVersionId"]);
        var holder = secret.Versions.Find(v => v.Labels.Contains(label));
        var next = secret.Versions.Find(v => v.Id == to);
        if ((to is not null && next is null)
            || (holder is not null && holder != next && holder.Id != from)
            || (label == "AWSCURRENT" && to is null))
        {
            return Error("InvalidParameterException");
        }

        if (next is not null && secret.IsTooManyWith([label]))
        {
            return Error("LimitExceededException");
        }

        if (next is null)
        {
            holder?.Labels.Remove(label);
        }
        else
        {
            secret.Attach(label, next);
        }

        return FakeReply.Json(200, new JsonObject { ["Name"] = (string)input["SecretId"]! });
    }

    /// <summary>With force, also one that was deleted before, or never was, is deleted with success.</summary>
    private FakeReply Delete(JsonObject input)
    {
        var name = (string)input["SecretId"]!;
        if ((bool?)input["ForceDeleteWithoutRecovery"] != true)
        {
            return With(input, (_, secret) => secret.Deleted ? Error("InvalidRequestException") : Deleted(secret, true));
        }

        if (!MayDelete)
        {
            return Error("AccessDeniedException");
        }

        Secrets.Remove(name);
        return input["RecoveryWindowInDays"] is null
            ? FakeReply.Json(200, new JsonObject { ["Name"] = name })
            : Error("InvalidParameterException");
    }

    private static FakeReply Deleted(FakeSecret secret, bool deleted)
    {
        secret.Deleted = deleted;
        return FakeReply.Json(200, new JsonObject());
    }

    private static FakeReply Stored(FakeVersion version) => FakeReply.Json(
        200,
        new JsonObject { ["VersionId"] = version.Id, ["VersionStages"] = new JsonArray([.. version.Labels.Select(l => (JsonNode)l)]) });

    private static FakeReply Error(string type) =>
        FakeReply.Json(400, new JsonObject { ["__type"] = type, ["Message"] = "as the type says" });
}

internal sealed class FakeSecret
{
    public List<FakeVersion> Versions { get; } = [];

    public Dictionary<string, string> Replicas { get; } = [];

    public bool Deleted { get; set; }

    public string? Description { get; init; }

    public bool Rotates { get; set; }

    /// <summary>AWS allows 20 labels on all versions of a secret together.</summary>
    public bool IsTooManyWith(IReadOnlyList<string> labels) => Versions.SelectMany(v => v.Labels).Union(labels).Count() > 20;

    public void Attach(string label, FakeVersion version)
    {
        var holder = Versions.Find(v => v.Labels.Contains(label));
        if (holder == version)
        {
            return;
        }

        holder?.Labels.Remove(label);
        version.Labels.Add(label);
        if (label == "AWSCURRENT" && holder is not null)
        {
            Versions.Find(v => v.Labels.Contains("AWSPREVIOUS"))?.Labels.Remove("AWSPREVIOUS");
            holder.Labels.Add("AWSPREVIOUS");
        }
    }

    /// <summary>What readers can find: versions with labels.</summary>
    public override string ToString() =>
        string.Join(
            "; ",
            Versions.Where(v => v.Labels.Count > 0).Select(v => $"{v.Value} [{string.Join(",", v.Labels.Order(StringComparer.Ordinal))}]"));
}

internal sealed record FakeVersion(string Id, string Value, bool Binary)
{
    public List<string> Labels { get; } = [];
}
