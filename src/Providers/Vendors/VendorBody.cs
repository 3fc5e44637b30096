using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rotunda.Providers.Vendors;

/// <summary>A request's body: a map's members, where those that are null are left out, or a list as it is.</summary>
internal static class VendorBody
{
    public static ReadOnlyMemory<byte>? Of(JsonNode? body, bool isForm)
    {
        if (body is not JsonObject members)
        {
            return body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString(JsonSerializerOptions.Default));
        }

        foreach (var member in members.Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            members.Remove(member);
        }

        return Encoding.UTF8.GetBytes(isForm
            ? string.Join('&', members.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(Text(field.Value!))}"))
            : members.ToJsonString(JsonSerializerOptions.Default));
    }

    private static string Text(JsonNode value) => value is JsonValue plain ? plain.ToString() : value.ToJsonString();
}
