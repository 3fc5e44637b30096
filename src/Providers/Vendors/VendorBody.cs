using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rotunda.Providers.Vendors;

/// <summary>A request's body from its members; those that are null are left out.</summary>
internal static class VendorBody
{
    public static ReadOnlyMemory<byte>? Of(JsonObject? members, bool isForm)
    {
        if (members is null)
        {
            return null;
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
