using Microsoft.Extensions.Logging.Abstractions;
using Rotunda.Activities;
using Rotunda.Api.Head;
using Rotunda.CatalogFiles;
using Rotunda.Rotation.Catalog;
using Rotunda.Testing.Time;

namespace Rotunda.Api.Tests;

/// <summary>A catalog of several files in a folder: which are found, what is in the way, and what happens when one changes.</summary>
public sealed class IncludedFileTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-included-");
    private readonly ManualTimeProvider _clock = new();
    private DateTime _written = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("teams/*.yaml", "teams/a.yaml teams/b.yaml")]
    [InlineData("teams/?.yaml", "teams/a.yaml teams/b.yaml")]
    [InlineData("teams/a.yaml", "teams/a.yaml")]
    [InlineData("**/*.yaml", "more/deep/d.yaml more/e.yaml teams/a.yaml teams/b.yaml top.yaml")]
    [InlineData("more/**/*.yaml", "more/deep/d.yaml more/e.yaml")]
    [InlineData("*/deep/*.yaml", "more/deep/d.yaml")]
    [InlineData("*.yaml", "top.yaml")]
    [InlineData("teams/.*.yaml", "teams/.hidden.yaml")]
    [InlineData("teams/[ab].yaml", "teams/[ab].yaml")]
    public async Task A_pattern_finds_its_files_sorted_and_neither_hidden_ones_nor_the_catalog_itself(string pattern, string expected)
    {
        foreach (var name in (string[])["teams/b.yaml", "teams/a.yaml", "teams/.hidden.yaml", "teams/c.yaml~", "teams/[ab].yaml.bak",
            "more/e.yaml", "more/deep/d.yaml", ".git/x.yaml", "top.yaml"])
        {
            Write(name, "secrets: {}");
        }

        if (pattern.Contains('[', StringComparison.Ordinal))
        {
            Write("teams/[ab].yaml", "secrets: {}");
        }

        Write("catalog.yaml", $"version: 1\ninclude: \"{pattern}\"\n");

        var read = await File().ReadAsync(null, None);

        Assert.Empty(read!.Troubles);
        Assert.Equal(expected.Split(' '), read.Included.Select(file => file.Name));
    }

    [Fact]
    public async Task What_is_in_the_way_is_told_with_its_place_all_at_once()
    {
        Write("catalog.yaml", """
            version: 1
            include:
              - teams/*.yaml
              - { files: "local/*.yaml", optional: true }
              - links/*.yaml
              - folders/*
              - pipes/*.yaml
            secrets: {}
            """);
        Write("folders/inner/x.yaml", "secrets: {}");
        Write("links/good.yaml", "secrets: {}");
        var outside = Directory.CreateTempSubdirectory("rotunda-outside-");
        try
        {
            await System.IO.File.WriteAllTextAsync(Path.Combine(outside.FullName, "canary.yaml"), "outside-canary: [");
            Link("links/out.yaml", Path.Combine(outside.FullName, "canary.yaml"));
            Link("links/gone.yaml", "nowhere.yaml");
            Link("links/same.yaml", "good.yaml");
            Directory.CreateDirectory(PathOf("pipes"));
            await RunAsync("mkfifo", PathOf("pipes/p.yaml"));

            var reading = Read();

            Assert.Null(reading.Catalog);
            Assert.Equal(
                [
                    $"{PathOf("catalog.yaml")}:3:5: include: \"teams/*.yaml\" matches no file. Correct it, or write "
                        + "{ files: \"teams/*.yaml\", optional: true }.",
                    $"{PathOf("catalog.yaml")}:5:5: include: links/gone.yaml is a link to nowhere.yaml, where nothing is. "
                        + "Remove it, or mend it.",
                    $"{PathOf("catalog.yaml")}:5:5: include: links/out.yaml is a link that leads out of the catalog's folder. Put the file "
                        + "itself there.",
                    $"{PathOf("catalog.yaml")}:6:5: include: \"folders/*\" matches no file. Correct it, or write "
                        + "{ files: \"folders/*\", optional: true }.",
                    $"{PathOf("catalog.yaml")}:7:5: include: pipes/p.yaml is no file that can be read (Pipe). Make the pattern narrower.",
                ],
                reading.Problems.Order(StringComparer.Ordinal));
        }
        finally
        {
            outside.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Mounted_configuration_is_links_within_the_folder_and_changes_when_they_are_led_elsewhere()
    {
        // As Kubernetes mounts a ConfigMap: each name leads through ..data, which is led to a new folder at once.
        Write("..2026_01/catalog.yaml", "version: 1\ninclude: a*.yaml\n");
        Write("..2026_01/a.yaml", Secret("a"));
        Link("..data", "..2026_01");
        Link("catalog.yaml", "..data/catalog.yaml");
        Link("a.yaml", "..data/a.yaml");
        var file = File();
        var first = await file.ReadAsync(null, None);
        Assert.Null(await file.ReadAsync(first!.Seen, None));

        Write("..2026_02/catalog.yaml", "version: 1\ninclude: a*.yaml\n");
        Write("..2026_02/a.yaml", Secret("b"));
        System.IO.File.Delete(PathOf("..data"));
        Link("..data", "..2026_02");
        var second = await file.ReadAsync(first.Seen, None);

        Assert.Equal(["a.yaml"], second!.Included.Select(one => one.Name));
        Assert.NotEqual(first.Included[0].Hash, second.Included[0].Hash);
    }

    [Fact]
    public async Task A_changed_a_new_and_a_deleted_file_are_seen_and_what_has_not_changed_is_not_read_again()
    {
        Write("catalog.yaml", "version: 1\ninclude: teams/*.yaml\n");
        Write("teams/a.yaml", Secret("a"));
        Write("teams/b.yaml", Secret("b"));
        using var catalog = new RefreshingCatalog(File(), Options, _clock, NullLogger<RefreshingCatalog>.Instance);
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        var first = catalog.Current!;
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Same(first, catalog.Current);

        Write("teams/b.yaml", Secret("b", "grace: 1h"));
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        var changed = catalog.Current!;
        Assert.Same(first.Policies["a"], changed.Policies["a"]);
        Assert.Equal(TimeSpan.FromHours(1), changed.Policies["b"].Grace);
        Assert.NotEqual((first.Hash, first.Version), (changed.Hash, changed.Version));
        Assert.Equal("changed: b", CatalogChange.InWords(first, changed));

        Write("teams/c.yaml", Secret("c"));
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Equal(["a", "b", "c"], catalog.Current!.Policies.Keys);
        Assert.Same(changed.Policies["b"], catalog.Current.Policies["b"]);

        System.IO.File.Delete(PathOf("teams/a.yaml"));
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Equal(["b", "c"], catalog.Current!.Policies.Keys);
        Assert.False(catalog.IsBroken);
    }

    [Fact]
    public async Task A_half_written_file_leaves_the_last_good_catalog_in_force_and_is_told_with_its_name()
    {
        Write("catalog.yaml", "version: 1\ninclude: teams/*.yaml\n");
        Write("teams/a.yaml", Secret("a"));
        using var catalog = new RefreshingCatalog(File(), Options, _clock, NullLogger<RefreshingCatalog>.Instance);
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        var good = catalog.Current!;

        Write("teams/a.yaml", "secrets:\n  a: { provider: { type: gen");
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Same(good, catalog.Current);
        Assert.StartsWith(PathOf("teams/a.yaml") + ":3:1: This is not valid YAML", catalog.Problem!, StringComparison.Ordinal);

        System.IO.File.Delete(PathOf("teams/a.yaml"));
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Same(good, catalog.Current);
        Assert.Contains("matches no file", catalog.Problem!, StringComparison.Ordinal);

        Write("teams/a.yaml", Secret("a"));
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Null(catalog.Problem);
        Assert.Equal(good.Hash, catalog.Current!.Hash);
    }

    [Fact]
    public async Task A_known_file_that_is_cut_off_once_it_was_looked_at_is_told_and_read_again()
    {
        Write("catalog.yaml", "version: 1\ninclude: teams/*.yaml\n");
        Write("teams/a.yaml", Secret("a"));
        var file = File();
        var first = (await file.ReadAsync(null, None))!;
        var before = CatalogLoader.Read(first, file.Name, file.Folder, HeadStores.Embedded);

        // What all files go by has changed, so that the known one is read again: after it was looked at.
        Write("catalog.yaml", "version: 1\ninclude: teams/*.yaml\ndefaults: { grace: 3h }\n");
        var second = (await file.ReadAsync(first.Seen, None))!;
        var (path, written) = (PathOf("teams/a.yaml"), System.IO.File.GetLastWriteTimeUtc(PathOf("teams/a.yaml")));
        await System.IO.File.WriteAllTextAsync(path, "secrets: {}\n", None);
        var torn = CatalogLoader.Read(second, file.Name, file.Folder, HeadStores.Embedded, before);
        Assert.Null(torn.Catalog);
        Assert.Equal($"{path}:1:1: it changes while it is read. It is read again soon.", Assert.Single(torn.Problems));

        // The same bytes again, and the same time: nothing but the failure tells.
        await System.IO.File.WriteAllTextAsync(path, Secret("a"), None);
        System.IO.File.SetLastWriteTimeUtc(path, written);
        var third = (await file.ReadAsync(second.Seen, None))!;
        var whole = CatalogLoader.Read(third, file.Name, file.Folder, HeadStores.Embedded, torn);
        Assert.Empty(whole.Problems);
        Assert.Equal(TimeSpan.FromHours(3), whole.Catalog!.Policies["a"].Grace);
    }

    [Fact]
    public async Task The_catalog_s_own_file_is_seen_to_change_where_every_file_has_the_same_time()
    {
        void WriteOwn(string text)
        {
            Write("catalog.yaml", text);
            System.IO.File.SetLastWriteTimeUtc(PathOf("catalog.yaml"), DateTime.UnixEpoch);
        }

        Write("teams/a.yaml", Secret("a"));
        WriteOwn("version: 1\nsecrets: {}\n");
        var file = File();
        var first = (await file.ReadAsync(null, None))!;
        Assert.Null(await file.ReadAsync(first.Seen, None));
        Assert.Equal("1970-01-01T00:00:00.0000000Z", first.Version);

        WriteOwn("version: 1\ninclude: teams/*.yaml\n");
        Assert.Single((await file.ReadAsync(first.Seen, None))!.Included);

        // As long as before: only who asks for all of it anew gets it, with the files that it includes now.
        WriteOwn("version: 1\ninclude: teamz/*.yaml\n");
        Assert.Contains("teamz", Assert.Single((await file.ReadAsync(null, None))!.Troubles).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_began_with_a_catalog_does_not_read_it_again()
    {
        Write("catalog.yaml", "version: 1\ninclude: teams/*.yaml\n");
        Write("teams/a.yaml", Secret("a"));
        using var catalog = new RefreshingCatalog(File(), Options, _clock, NullLogger<RefreshingCatalog>.Instance);
        var reading = Read();
        catalog.Begin(reading);

        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Same(reading.Catalog, catalog.Current);

        await catalog.ReloadAsync(None);
        Assert.NotSame(reading.Catalog, catalog.Current);
        Assert.Same(reading.Catalog!.Policies["a"], catalog.Current!.Policies["a"]);
    }

    [Fact]
    public async Task Relative_paths_are_relative_to_the_catalog_s_folder_wherever_they_stand()
    {
        Write("catalog.yaml", "version: 1\ninclude: teams/*.yaml\n");
        Write("teams/a.yaml", Secret("a", "targets: { env: { type: file, path: ./a.env } }"));

        var reading = Read();

        Assert.Equal(PathOf("a.env"), (string?)reading.Catalog!.Policies["a"].Targets[0].Provider.Settings["path"]);
        await Task.CompletedTask;
    }

    [Fact]
    public void Two_secrets_of_two_files_that_write_one_place_are_told_at_the_second_one()
    {
        const string Target = "targets: { env: { type: dotenv, path: ./one.env, keys: { A: \"{value}\" } } }";
        Write("catalog.yaml", "version: 1\ninclude: teams/*.yaml\n");
        Write("teams/a.yaml", Secret("a", Target));
        Write("teams/b.yaml", Secret("b", Target));

        Assert.StartsWith(
            $"{PathOf("teams/b.yaml")}:4:16: b.targets.env: writes A of {PathOf("one.env")}, which a.targets.env writes too",
            Assert.Single(Read().Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_far_too_large_is_refused_before_it_is_read()
    {
        Write("catalog.yaml", "version: 1\ninclude: teams/*.yaml\n");
        Write("teams/a.yaml", "");
        using (var file = System.IO.File.OpenWrite(PathOf("teams/a.yaml")))
        {
            file.SetLength(100L * 1024 * 1024 * 1024);
        }

        Assert.Contains("teams/a.yaml is larger than 16 MiB", Assert.Single(Read().Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_published_catalog_of_several_files_is_valid()
    {
        var path = Path.Combine(Repository(), "catalog/examples/many-files.yaml");
        var file = new FileCatalogText(path);
        var reading = CatalogLoader.Read(
            (await file.ReadAsync(null, None))!, file.Name, file.Folder, HeadStores.Embedded);

        Assert.Empty(reading.Problems);
        Assert.Equal(["orders-hook", "search-admin", "session-secret"], reading.Catalog!.Policies.Keys.Order());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private ActivitiesOptions Options => new() { DataDirectory = _folder.FullName };

    private FileCatalogText File() => new(PathOf("catalog.yaml"));

    private CatalogReading Read()
    {
        var file = File();
        return CatalogLoader.Read(file.ReadAsync(null, None).GetAwaiter().GetResult()!, file.Name, file.Folder, HeadStores.Embedded);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Each a minute after the one before: what changes within one tick of a clock is told apart by its length alone.</summary>
    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        System.IO.File.WriteAllText(PathOf(name), text);
        System.IO.File.SetLastWriteTimeUtc(PathOf(name), _written += TimeSpan.FromMinutes(1));
    }

    private void Link(string name, string target) => System.IO.File.CreateSymbolicLink(PathOf(name), target);

    private static string Secret(string name, string? more = null) =>
        $"secrets:\n  {name}:\n    provider: {{ type: generated }}\n{(more is null ? "" : $"    {more}\n")}";

    private static string Repository([System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));

    private static async Task RunAsync(string program, string argument)
    {
        using var process = System.Diagnostics.Process.Start(program, [argument]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
