using System.Net;

namespace Rotunda.Api.Http;

/// <summary>A feature of requests in heads that know where one comes from: the client behind the proxies that are known.</summary>
public sealed record ClientAddress(IPAddress Address);
