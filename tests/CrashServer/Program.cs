using Rotunda.CrashServer;
using Rotunda.Server;

return await CommandLine.RunAsync(args, CrashHook.FromEnvironment().Hit);
