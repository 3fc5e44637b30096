using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.ConfigFile;

internal static class ConfigFileDescriptor
{
    public const string Path = "path";
    public const string Format = "format";
    public const string Keys = "keys";
    public const string AddMissing = "addMissing";
    public const string Mode = "mode";

    public static IReadOnlyList<string> Formats { get; } = ["json", "yaml", "toml", "ini", "properties", "xml"];

    public static ProviderDescriptor Instance { get; } = new(
        "config-file",
        "Keys of a configuration file",
        "A target that is some values in a file of JSON, YAML, TOML, INI, Java properties or XML, each by its path: `appsettings.json`, `values.yaml`, `config.toml`. Only what stands at a path is written over; comments, order, quotes, indentation, line ends, a byte order mark, permissions and owner stay as they are.",
        Abilities.DeliverValues | Abilities.ConfirmSync,
        [
            new(Path, SettingType.Path, "The file. Its folder exists and is writable; a symbolic link is followed.", Required: true),
            new(Keys, SettingType.TextMap, "The paths this secret owns, each with the template of its value, such as `ConnectionStrings.Default: \"Host=db;Password={value:ado}\"`. In JSON, YAML and TOML: names with dots between them, `[0]` for a place in a list, `[\"a.b\"]` for a name with a dot. In INI: `section.key`, or `key` above all sections. In properties: the whole key, dots and all. In XML: an XPath to one attribute or element, such as `/configuration/appSettings/add[@key='Db']/@value`. The target writes quotes and escapes by itself: no `:json` or `:yaml` for the file's own language. " + DeliveryTemplate.Help, Required: true) { Template = TemplateForm.Text },
            new(Format, SettingType.Choice, "The file's language. Left out: by the end of its name (`.json`, `.jsonc`, `.yaml`, `.yml`, `.toml`, `.ini`, `.cfg`, `.conf`, `.properties`, `.xml`, `.config`).", Choices: Formats),
            new(AddMissing, SettingType.Boolean, "Adds a path that the file does not have (not in XML), and makes a file that is not there. Without it such a path is refused before anything is changed: it is a typing mistake more often than not.", Default: "false"),
            new(Mode, SettingType.Text, "The permissions of a file that is not there yet, as octal digits. An existing file keeps its own, and its owner.", Default: "0600"),
            FileWriting.Setting,
        ],
        [
            "https://www.rfc-editor.org/rfc/rfc8259",
            "https://yaml.org/spec/1.2.2/",
            "https://toml.io/en/v1.0.0",
            "https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html",
            "https://www.w3.org/TR/xml/",
        ],
        [],
        Limits:
        [
            "All keys of one target are written in one step: a reader sees all of the old or all of the new, never a user name of the one with the password of the other.",
            "After each change the text is read again by a parser of its language, and is not written if the value is not read as it is.",
            "A path that the file has twice is refused, as readers do not agree which one counts. So is a file that is not in UTF-8; INI and properties may be in another encoding.",
            "What is written is a text. Where a number or a truth value stands in JSON or TOML, that is refused; in YAML it gets quotes.",
            "YAML: one document a file. An alias, and a value with an anchor or a tag, is refused, as others take what stands there. A block (`|`, `>`) becomes a text in quotes; going back it is a block again.",
            "INI has no one rule: a value with a line break, a backslash, `%`, `${`, and, where no quotes stand around it, `;`, `#` or blanks at an end, is refused. Quotes that stand there stay.",
            "Properties are written in ASCII, with `\\u00e4` for what is not. XML: a file with a DOCTYPE is refused; names of a default namespace are found by `*[local-name()='x']`.",
            "A key that is added stands before the others of its map (YAML, JSON), behind its table's or section's head (TOML, INI), or at the end (properties); going back it is taken out.",
            "The file is replaced by a rename. A single file mounted into a container cannot be replaced that way, and a container that has it mounted from here goes on to see the old one: mount the folder, or set `write: in-place`. The check before a rotation finds it.",
            "Mode, owner, access control lists, labels of SELinux and other extended attributes are carried over when the file is replaced. Where this process may not set one, the check refuses and says which.",
            "Most processes read such a file at their start: add a consumer that restarts or reloads them.",
        ],
        Permissions: ["To write the file and its folder, and, where the file is another user's, to give files to that user."],
        Arrival: "The file is read again: each path has its value.",
        RollBack: "The paths get back what they had, as it was written (those that were not there go away); everything else in the file stays as it is by then.",
        Example: """
            version: 1
            secrets:
              orders-db:
                provider: { type: generated }
                strategy: overlap
                grace: 1h
                targets:
                  settings:
                    type: config-file
                    path: ./appsettings.json
                    keys: { ConnectionStrings.Orders: "Host=db;Username=orders;Password={value:ado}" }
                consumers:
                  app: { type: http, instances: ["http://127.0.0.1:8080"], reloadPath: /reload, healthPath: /healthz }
            """)
    {
        Costs = [FileWriting.Cost],
        Check = ConfigFileSettings.Check,
        PlaceOf = ConfigFileSettings.PlaceOf,
    };

    /// <summary>Null where the name does not tell.</summary>
    public static string? FormatOf(string path) => System.IO.Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".json" or ".jsonc" => "json",
        ".yaml" or ".yml" => "yaml",
        ".toml" => "toml",
        ".ini" or ".cfg" or ".conf" => "ini",
        ".properties" => "properties",
        ".xml" or ".config" => "xml",
        _ => null,
    };
}
