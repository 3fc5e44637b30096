using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Linear;

internal sealed class LinearProvider(VendorAccess access) : KeyVendor(LinearDescriptor.Instance, access)
{
    private const string Unknown = "AUTHENTICATION_ERROR";

    protected override VendorApi Api { get; } =
        new("Linear", LinearDescriptor.Address, VendorAuth.Nothing, "message") { Minted = VendorAuth.Header("Authorization", "") };

    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Post($"graphql", new JsonObject { ["query"] = "{viewer{id}}" }).Means(valid: [], invalid: [401], Judge);

    /// <summary>In GraphQL the body tells, whatever the status is.</summary>
    private static Validity? Judge(VendorReply reply) =>
        reply.Has("errors")
            ? reply.Items("errors").Any(error => error.Has("extensions") && error.At("extensions").Maybe("code") == Unknown)
                ? Validity.Invalid
                : null
            : reply.Status == 200 && reply.Has("data") && reply.At("data").Has("viewer") ? Validity.Valid : null;
}
