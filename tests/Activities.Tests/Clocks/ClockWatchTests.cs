using Microsoft.Extensions.Logging.Abstractions;
using Rotunda.Activities.Clocks;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Clocks;

/// <summary>When the clock is doubted, and what makes it believed again: while the process runs, and across restarts.</summary>
public sealed class ClockWatchTests : IDisposable
{
    private static readonly TimeSpan Three = TimeSpan.FromHours(3);
    private readonly TempFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly FakeSystemClock _system = new() { Says = false };
    private readonly Witness _witness = new();
    private readonly SqliteLedger _ledger;
    private ClockWatch _watch;

    public ClockWatchTests()
    {
        _ledger = new SqliteLedger(_folder.File("ledger.db"), _time, new CrashPoints());
        _watch = Start();
    }

    public void Dispose()
    {
        _watch.Dispose();
        _ledger.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_clock_that_goes_on_is_believed_however_rarely_it_is_looked_at()
    {
        Assert.Null(await LookAsync());
        _time.Advance(TimeSpan.FromDays(40));
        Assert.Null(await LookAsync());
        _time.Jump(_time.GetUtcNow() + TimeSpan.FromSeconds(5));
        Assert.Null(await LookAsync());
        Assert.DoesNotContain(await ActionsAsync(), action => action.StartsWith("clock.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3, "jumped ahead by 3h")]
    [InlineData(-3, "jumped back by 3h")]
    public async Task A_jump_while_it_runs_is_doubted_and_on_record(int hours, string why)
    {
        await LookAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        JumpBy(TimeSpan.FromHours(hours));

        Assert.Contains(why, await LookAsync());
        Assert.Contains(why, await LookAsync());

        Assert.Equal([AuditActions.ClockJumped, AuditActions.ClockDoubted], await ActionsAsync());
        Assert.Equal(TimeSpan.FromHours(hours), await _ledger.JumpedSinceAsync(0, default));
    }

    [Fact]
    public async Task It_is_believed_again_once_the_system_says_that_it_is_synchronised()
    {
        await DoubtedAsync();
        _system.Says = null;
        Assert.NotNull(await LookAsync());
        _system.Says = true;

        Assert.Null(await LookAsync());
        Assert.Equal(AuditActions.ClockBelieved, (await ActionsAsync())[^1]);
    }

    [Fact]
    public async Task Other_clocks_have_the_word_where_they_can_be_asked()
    {
        await DoubtedAsync();
        _system.Says = true;
        _witness.Ahead = Three;
        Assert.Contains("3h ahead of that of the database", await LookAsync());

        _witness.Ahead = TimeSpan.FromSeconds(2);
        Assert.Null(await LookAsync());
    }

    [Fact]
    public async Task A_clock_that_jumps_back_to_where_it_had_been_is_believed()
    {
        await DoubtedAsync();
        JumpBy(-Three);

        Assert.Null(await LookAsync());
        Assert.Equal(TimeSpan.Zero, await _ledger.JumpedSinceAsync(0, default));
    }

    [Fact]
    public async Task A_doubt_outlives_the_process()
    {
        await DoubtedAsync();
        Restart();
        Assert.Contains("jumped ahead by 3h", await LookAsync());
        _system.Says = true;
        Assert.Null(await LookAsync());
    }

    [Fact]
    public async Task At_the_start_a_clock_far_from_the_last_time_on_record_is_doubted_unless_something_agrees()
    {
        await LookAsync();
        _time.Advance(TimeSpan.FromMinutes(30));
        Restart();
        Assert.Null(await LookAsync());

        _time.Advance(Three);
        Restart();
        Assert.Contains("3h after the last time on record", await LookAsync());
        _witness.Ahead = TimeSpan.Zero;
        Restart();
        Assert.Null(await LookAsync());
    }

    [Fact]
    public async Task At_the_start_a_clock_before_the_newest_entry_or_beside_another_is_doubted()
    {
        await LookAsync();
        await _ledger.AuditAsync(new AuditEntry("ada", "x", null, null, null, null), default);
        JumpBy(-Three);
        Restart();
        Assert.Contains("before the ledger's newest entry", await LookAsync());

        JumpBy(Three);
        await _watch.ConfirmAsync("ada", "set by hand", default);
        _witness.Ahead = TimeSpan.FromMinutes(20);
        Restart();
        Assert.Contains("20m ahead of that of the database", await LookAsync());
    }

    [Fact]
    public async Task A_person_can_say_that_it_is_right_on_record()
    {
        Assert.Null(await _watch.ConfirmAsync("ada", "nothing is doubted", default));
        await DoubtedAsync();

        Assert.NotNull(await _watch.ConfirmAsync("ada", "my watch says so", default));

        Assert.Null(await LookAsync());
        Restart();
        Assert.Null(await LookAsync());
        var row = (await _ledger.ReadAuditAsync(new AuditFilter(), default)).Single(one => one.Action == AuditActions.ClockConfirmed);
        Assert.Equal("ada", row.Actor);
        Assert.StartsWith("my watch says so (it was doubted: the clock jumped ahead", row.Detail);
    }

    /// <summary>Workers of one head have a clock each, and one ledger: what a person says to one holds for all.</summary>
    [Fact]
    public async Task What_a_person_says_to_one_worker_holds_for_the_other()
    {
        await DoubtedAsync();
        using var other = Start();
        await other.ConfirmAsync("ada", "looked at it", default);

        Assert.Null(await LookAsync());
    }

    [Fact]
    public async Task A_witness_that_does_not_answer_is_none()
    {
        await DoubtedAsync();
        _witness.Fails = true;
        _system.Says = true;
        Assert.Null(await LookAsync());
    }

    private async Task DoubtedAsync()
    {
        await LookAsync();
        JumpBy(Three);
        Assert.NotNull(await LookAsync());
    }

    private void JumpBy(TimeSpan by) => _time.Jump(_time.GetUtcNow() + by);

    private async Task<string?> LookAsync() => (await _watch.LookAsync(default))?.Why;

    private async Task<IReadOnlyList<string>> ActionsAsync() =>
        [.. (await _ledger.ReadAuditAsync(new AuditFilter(), default)).Select(row => row.Action)];

    private void Restart()
    {
        _watch.Dispose();
        _watch = Start();
    }

    private ClockWatch Start() => new(_ledger, [_witness], _system, _time, NullLogger<ClockWatch>.Instance);

    /// <summary>A database whose clock a test sets.</summary>
    private sealed class Witness : IOutsideClock
    {
        public TimeSpan? Ahead { get; set; }

        public bool Fails { get; set; }

        public bool IsAtHand => true;

        public Task<IReadOnlyList<OutsideTime>> AskAsync(CancellationToken cancellationToken) =>
            Fails ? throw new OperationCanceledException()
            : Task.FromResult<IReadOnlyList<OutsideTime>>(Ahead is { } by ? [new OutsideTime("the database", by)] : []);
    }
}
