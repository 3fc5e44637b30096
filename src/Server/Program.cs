using Rotunda.Server;
using Rotunda.Server.Commands;

return await CommandLine.RunAsync(args);
