using Rotunda.Server;

return await CommandLine.RunAsync(args);
