using System.Text.Json.Nodes;

namespace Rotunda.Activities.Tests.Providers.LocalAccounts;

/// <summary>
/// A strict stand-in for ssh to a Windows machine: it takes exactly the options that are expected, reads the script that PowerShell would
/// be given, and answers by exit codes as PowerShell would. Anything else is a problem that <see cref="Problems"/> has.
/// </summary>
internal sealed class FakeWindows : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-windows-");

    public FakeWindows()
    {
        File.WriteAllText(Program, Script.Replace("FOLDER", _folder.FullName, StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        State = new() { ["password"] = "in-use-0123456789abcdef", ["enabled"] = true, ["admin"] = true, ["fails"] = "" };
    }

    public string Program => Path.Combine(_folder.FullName, "ssh");

    /// <summary>password, enabled, admin; fails: "before" or "after" the command, or "policy".</summary>
    public JsonObject State
    {
        get => JsonNode.Parse(File.ReadAllText(StateFile))!.AsObject();
        set => File.WriteAllText(StateFile, value.ToJsonString());
    }

    public string Problems => File.Exists(Path.Combine(_folder.FullName, "problems"))
        ? File.ReadAllText(Path.Combine(_folder.FullName, "problems"))
        : "";

    private string StateFile => Path.Combine(_folder.FullName, "state.json");

    public void Set(string name, JsonNode value)
    {
        var state = State;
        state[name] = value;
        State = state;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private const string Script = """"
        #!/usr/bin/env python3
        import base64, json, os, re, stat, sys
        folder = "FOLDER"
        def problem(text):
            with open(folder + "/problems", "a") as out: out.write(text + "\n")
            sys.exit(99)
        def fail(code, text):
            sys.stderr.write(text + "\n"); sys.exit(code)
        state = json.load(open(folder + "/state.json"))
        args = sys.argv[1:]
        if args[:4] != ["-F", "none", "-T", "-i"] or args[5:9] != ["-p", "22", "-l", "rotunda"]: problem("arguments: %r" % args)
        key = args[4]
        if stat.S_IMODE(os.stat(key).st_mode) != 0o600: problem("the key's mode: %o" % os.stat(key).st_mode)
        if "PRIVATE KEY" not in open(key).read(): fail(255, "Load key \"%s\": invalid format" % key)
        options, rest = args[9:], []
        while options and options[0] == "-o": options = options[2:]
        if options[:2] != ["--", "win1.example.com"] or len(options) != 3: problem("what comes last: %r" % options)
        for need in ["BatchMode=yes", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes"]:
            if need not in args: problem("lacks " + need)
        start = "powershell -NoProfile -NonInteractive -EncodedCommand "
        if not options[2].startswith(start) or len(options[2]) > 8000: problem("command: " + options[2])
        script = base64.b64decode(options[2][len(start):]).decode("utf-16-le")
        lines = [line.strip() for line in script.splitlines() if line.strip()]
        if lines[:2] != ["$ErrorActionPreference = 'Stop'", "try {"] or "exit 0" not in lines: problem("frame: " + script)
        body = lines[2:lines.index("exit 0")]
        if state["fails"] == "before": fail(255, "ssh: connect to host win1.example.com port 22: Connection refused")
        def named(line, pattern):
            found = re.fullmatch(pattern, line)
            if not found: problem("line: " + line)
            if found.group(1) != "svc backup": fail(101, "UserNotFoundException")
        read = "$p = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String([Console]::In.ReadLine()))"
        if body[0] == read:
            given = sys.stdin.readline()
            if not given: sys.exit(255) # given up before anything was sent
            if sys.stdin.read() or not given.endswith("\n"): problem("standard input has not one line")
            given = base64.b64decode(given[:-1], validate=True).decode()
            if len(body) == 2:
                named(body[1], r"Set-LocalUser -Name '([^']*)' -Password \(ConvertTo-SecureString \$p -AsPlainText -Force\)")
                if not state["admin"]: fail(102, "AccessDeniedException")
                if state["fails"] == "policy": fail(112, "InvalidPasswordException")
                state["password"] = given
                json.dump(state, open(folder + "/state.json", "w"))
                if state["fails"] == "after": fail(255, "client_loop: send disconnect: Broken pipe")
                sys.exit(0)
            if body[1:3] != ["Add-Type -AssemblyName System.DirectoryServices.AccountManagement",
                             "$c = New-Object System.DirectoryServices.AccountManagement.PrincipalContext('Machine')"]:
                problem("body: %r" % body)
            named(body[3], r"if \(-not \$c\.ValidateCredentials\('([^']*)', \$p\)\) \{ exit 120 \}")
            sys.exit(0 if state["enabled"] and given == state["password"] else 120)
        if len(body) != 4 or sys.stdin.read(): problem("body: %r" % body)
        named(body[0], r"\$u = Get-LocalUser -Name '([^']*)'")
        if not state["enabled"]: sys.exit(103)
        sys.exit(0 if state["admin"] else 102)
        """";
}
