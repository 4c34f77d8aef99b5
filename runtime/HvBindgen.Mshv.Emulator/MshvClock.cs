namespace HvBindgen.Mshv.Emulator;

/// <summary>The clock that the guests of an emulated device see: that of the host, or one that their own instructions move on.</summary>
/// <remarks>
/// All that a guest can tell time by is made of it: the time-stamp counter, reference time and its page, the timers of local APICs, the
/// synthetic timers and the run time of processors.
/// </remarks>
public sealed record MshvClock
{
    /// <summary>The rate of <see cref="Virtual"/> where nothing is said, in instructions a second.</summary>
    public const long DefaultInstructionsPerSecond = 100_000_000;

    private const long MostInstructionsPerSecond = 1_000_000_000_000;

    private MshvClock(long? instructionsPerSecond) => InstructionsPerSecond = instructionsPerSecond;

    /// <summary>The host's clock.</summary>
    public static MshvClock Host { get; } = new((long?)null);

    /// <summary>How many instructions take a second of the guest's time; null on the host's clock.</summary>
    public long? InstructionsPerSecond { get; }

    /// <summary>
    /// A clock for each partition that goes on with the instructions which its processors carry out, and straight to the next timer
    /// while all of them are halted. Whatever the host does meanwhile takes no time.
    /// </summary>
    /// <remarks>
    /// <para>Needs processors in software: <see cref="MshvEngine.Auto"/> chooses them. The time-stamp counter counts nanoseconds.</para>
    /// <para>With one processor and <see cref="MshvEmulatorOptions.Seed"/>, the same guest with the same input does the same in every run:
    /// each interrupt of a timer comes before the same instruction. With several, the host's scheduler decides how their instructions
    /// interleave; so does whatever another thread does to a partition while its guest runs.</para>
    /// </remarks>
    /// <param name="instructionsPerSecond">How many instructions take a second; those of all processors add up.</param>
    /// <returns>The clock.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The rate is less than one, or more than 10^12.</exception>
    public static MshvClock Virtual(long instructionsPerSecond = DefaultInstructionsPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(instructionsPerSecond, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(instructionsPerSecond, MostInstructionsPerSecond);
        return new MshvClock(instructionsPerSecond);
    }
}
