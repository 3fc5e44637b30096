using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom.Rest;

/// <summary>A vendor that the catalog describes: each call is a template, and pointers say where in the answers things stand.</summary>
internal sealed class RestProvider(VendorAccess access) : KeyVendor(RestDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } = new(RestDescriptor.Unnamed, "", VendorAuth.Bearer(RestDescriptor.Token));

    protected override VendorApi ApiOf(ProviderCall call) => RestApi.Of(call.Settings);

    protected override bool ListsFor(VendorCall call) => call.Settings.Map(RestDescriptor.List) is not null;

    /// <summary>Everything that is filled in later is filled in once, so that what cannot be is told before anything is made.</summary>
    protected override void Check(VendorCall call)
    {
        var settings = call.Settings;
        RestApi.CheckHeaders(settings);
        if (!ListsFor(call) && settings.Map(RestDescriptor.Check) is null)
        {
            throw call.Rejected(
                "'check' is not set. Without 'list', give there a call that only works if Rotunda's own credential does.");
        }

        foreach (var (name, placeholders) in RestDescriptor.Placeholders)
        {
            if (settings.Map(name) is not { } map)
            {
                continue;
            }

            var template = Template(call, [.. placeholders.Select(placeholder => (placeholder, "x"))]);
            _ = template.Path(map.Text("path") ?? throw new SettingMissingException($"{name}.path"));
            _ = template.Body(map.Text("body"));
            if (map.Text("nextPath") is { } next)
            {
                _ = template.Path(next);
            }

            foreach (var pointer in RestDescriptor.Pointers.Select(map.Text).OfType<string>())
            {
                _ = new RestPointer(pointer);
            }
        }
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var issue = call.Settings.Map(RestDescriptor.Issue) ?? throw new SettingMissingException(RestDescriptor.Issue);
        var answer = new RestAnswer(issue, RestDescriptor.Issue);
        var reply = await SendAsync(call, issue, "POST", ("label", label));
        return new(answer.Text(reply, "id"), answer.Secret(reply, "value"), answer.Time(reply, "expiresAt"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call)
    {
        var list = call.Settings.Map(RestDescriptor.List) ?? throw new SettingMissingException(RestDescriptor.List);
        var answer = new RestAnswer(list, RestDescriptor.List);
        return call.ListAsync(
            Template(call).Path(list.RequiredText("path")),
            page => answer.Items(page, "items").Select(item => new Listed(
                answer.Text(item, "id"),
                answer.Maybe(item, "label"),
                answer.Time(item, "createdAt"),
                answer.Time(item, "lastUsedAt"),
                answer.Time(item, "expiresAt"),
                answer.Maybe(item, "hint"))),
            page => answer.Maybe(page, "next") is not { Length: > 0 } next ? null
                : list.Text("nextPath") is { } path ? Template(call, ("next", next)).Path(path)
                : call.Link(next));
    }

    protected override Probe Verify(VendorCall call, SecretValue value)
    {
        var verify = call.Settings.Map(RestDescriptor.Verify) ?? throw new SettingMissingException(RestDescriptor.Verify);
        var template = Template(call, ("id", call.Tried?.Id ?? ""), ("value", value.RevealText()));

        // A value has no place in a path: those are logged.
        var path = Template(call, ("id", call.Tried?.Id ?? "")).Path(verify.RequiredText("path"));
        var probe = template.Body(verify.Text("body")) is { } body
            ? verify.Flag("form") ? Probe.Form(path, body) : Probe.Post(path, body)
            : Probe.Get(path);
        return probe.Means(Statuses(verify, "valid", 200), Statuses(verify, "invalid", 401));
    }

    protected override Task EnableAsync(VendorCall call, string id, bool enabled)
    {
        var name = enabled ? RestDescriptor.Enable : RestDescriptor.Disable;
        return SendAsync(call, call.Settings.Map(name) ?? throw new SettingMissingException(name), "PATCH", ("id", id));
    }

    protected override Task DeleteAsync(VendorCall call, string id) => SendAsync(
        call,
        call.Settings.Map(RestDescriptor.Revoke) ?? throw new SettingMissingException(RestDescriptor.Revoke),
        "DELETE",
        ("id", id));

    protected override Task TryOwnAsync(VendorCall call) =>
        call.GetAsync(Template(call).Path(call.Settings.Map(RestDescriptor.Check)!.RequiredText("path")));

    private static Task<VendorReply> SendAsync(VendorCall call, ProviderSettings map, string otherwise, (string Name, string Value) known)
    {
        var template = Template(call, known);
        var (path, body) = (template.Path(map.RequiredText("path")), template.Body(map.Text("body")));
        return (map.Text("method") ?? otherwise) switch
        {
            "PUT" => call.PutAsync(path, body ?? []),
            "PATCH" => call.PatchAsync(path, body ?? []),
            "DELETE" => call.DeleteAsync(path, body),
            _ => map.Flag("form") ? call.PostFormAsync(path, body ?? []) : call.PostAsync(path, body),
        };
    }

    private static RestTemplate Template(VendorCall call, params (string Name, string Value)[] known)
    {
        var values = new Dictionary<string, string>(call.Settings.TextMap(RestDescriptor.Parameters), StringComparer.Ordinal);
        foreach (var (name, value) in known)
        {
            values[name] = value;
        }

        return new RestTemplate(values);
    }

    private static int[] Statuses(ProviderSettings map, string setting, int otherwise) =>
        map.TextList(setting) is { Count: > 0 } texts
            ? [.. texts.Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0)]
            : [otherwise];
}
