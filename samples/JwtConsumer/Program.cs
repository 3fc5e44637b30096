using System.Globalization;
using JwtConsumer;

// A service that signs tokens with its primary key and takes those signed with its primary or secondary one.
//   JwtConsumer --env-file FILE [--max-key-length N] [--reload-every MILLISECONDS] [--urls http://127.0.0.1:7072]
// POST /token {"sub": "…"}   a signed token               POST /check {"value": "…"}   whether it is good
// POST /reload               reads the file again         GET /healthz                 200, or 422 if a key cannot be used
// GET /fingerprint           which keys it uses, without telling them
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
var file = builder.Configuration["env-file"] ?? throw new InvalidOperationException("Give the env file with --env-file FILE.");
var longest = builder.Configuration["max-key-length"] is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : int.MaxValue;
var keys = new KeyRing(file, longest);
keys.Reload();
using var reloading = builder.Configuration["reload-every"] is { } every
    ? new Timer(_ => keys.Reload(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(int.Parse(every, CultureInfo.InvariantCulture)))
    : null;

var app = builder.Build();
app.MapPost("/reload", () =>
{
    keys.Reload();
    return Results.NoContent();
});
app.MapGet("/healthz", () => keys.Problem is { } problem
    ? Results.Json(new Health(problem), statusCode: StatusCodes.Status422UnprocessableEntity)
    : Results.Json(new Health("ok")));
app.MapGet("/fingerprint", () => keys.Fingerprints());
app.MapPost("/token", (TokenRequest request) => keys.Sign(request.Sub, TimeProvider.System.GetUtcNow()) is { } token
    ? Results.Json(new Token(token))
    : Results.Json(new Health("no key yet"), statusCode: StatusCodes.Status503ServiceUnavailable));
app.MapPost("/check", (Token token) => new Verdict(keys.Check(token.Value, TimeProvider.System.GetUtcNow())));
await app.RunAsync();
