using Rotunda.Server.Commands;

return await CommandLine.RunAsync(args);
