using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom.Exec;

internal static class ExecDescriptor
{
    public const string Program = "program";
    public const string Arguments = "arguments";
    public const string WorkingFolder = "workingFolder";
    public const string Environment = "environment";
    public const string Inherit = "inherit";
    public const string Timeout = "timeout";

    public static ProviderDescriptor Instance { get; } = new(
        "exec",
        "Program of your own",
        "A program of yours that issues or takes credentials, delivers values, or restarts and checks consumers. It is told what to do as JSON on its standard input and answers in JSON ([the contract](../exec-contract.md)). Values are never in arguments or the environment.",
        ContractWords.Abilities,
        [
            new(Program, SettingType.Path, "The program: an executable file that only its owner and group may change, in a folder that only these may write to.", Required: true),
            new(Arguments, SettingType.TextList, "Its arguments. Everyone on the machine can see them: no secrets."),
            .. ContractSettings.All,
            new(WorkingFolder, SettingType.Path, "The folder it runs in. Left out: the program's own."),
            new(Environment, SettingType.TextMap, "Variables set for it. No secrets."),
            new(Inherit, SettingType.TextList, "Variables of Rotunda's own environment that it gets too. Otherwise it has PATH, HOME, USER, LOGNAME, LANG, LC_ALL, TZ and TMPDIR only (a folder of its own, taken away after the run), as the others may hold Rotunda's own secrets."),
            new(Timeout, SettingType.Duration, "How long one run may take. Then it and all it started is asked to end (SIGTERM), and two seconds later killed. A step's own timeout may end it earlier.", Default: "1m"),
        ],
        [
            "https://www.rfc-editor.org/rfc/rfc8259",
            "https://man7.org/linux/man-pages/man2/setsid.2.html",
            "https://man7.org/linux/man-pages/man2/kill.2.html",
        ],
        [Strategy.Overlap, Strategy.Alternate, Strategy.InPlace],
        AccountsSetting: ContractSettings.Accounts,
        AccountSetting: ContractSettings.Account,
        Limits:
        [
            .. ContractSettings.Limits,
            "What it writes to standard error is thrown away: it may hold values. Log to a file or to syslog instead.",
            "An answer has at most 1 MB. A child that it leaves running must not keep its standard output open.",
            "If Rotunda itself is killed, a run goes on by itself, and another one is started later: take a lock where two at once would do harm.",
            "The process group is ended as a whole on Unix where the program `setsid` is (util-linux, BusyBox); elsewhere the processes that can be found.",
        ],
        Permissions: ["Whatever the program needs; it runs as the user that Rotunda runs as."],
        Arrival: "As `confirm` says, if the program can.",
        RollBack: "What `capture` told is given to `restore`; without them the value in use is delivered again. With issue and with alternate the new credential is revoked; in place the old value is applied again, if it is in the store.",
        Example: """
            version: 1
            secrets:
              switch-password:
                provider:
                  type: exec
                  program: ./switches.py
                  operations: [validate, apply, verify]
                  account: admin
                  parameters: { switches: "sw-1,sw-2" }
                  credentials: { console: env:SWITCH_CONSOLE }
                strategy: in-place
                current: { value: "file:./switch.password" }
                approval: { before: start }
                targets:
                  remote: { type: exec, program: ./push.sh, operations: [deliver, confirm], timeout: 2m }
                consumers:
                  poller: { type: exec, program: ./poller.sh, operations: [restart, check] }
            """,
        IsEventual: true,
        OperationsSetting: ContractSettings.Operations);
}
