using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using HvBindgen.Uapi;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace HvBindgen.UapiBenchmarks;

/// <summary>Runs of the generator in one process.</summary>
internal static partial class GeneratorRuns
{
    private const int Repetitions = 21;
    private const int RestOfBuildMilliseconds = 500;

    private const string Names =
        """
        struct input_event
        struct statx
        struct io_uring_params
        struct io_uring_sqe
        struct io_uring_cqe
        struct v4l2_capability
        struct sockaddr_vm
        struct ifreq
        GPIO_V2_GET_LINE_IOCTL
        GPIO_V2_LINE_GET_VALUES_IOCTL
        VIDIOC_QUERYCAP
        VFIO_GET_API_VERSION
        TUNSETIFF
        EVIOCGID
        EVIOCGNAME
        EV_KEY
        BTN_LEFT
        O_DIRECT
        SYS_io_uring_setup
        SYS_io_uring_enter
        """;

    // As many others, so that nothing of them was decoded before.
    private const string OtherNames =
        """
        struct fuse_in_header
        struct nvme_passthru_cmd
        struct bpf_insn
        struct perf_event_attr
        struct rtc_time
        struct i2c_msg
        struct spi_ioc_transfer
        struct termios2
        UI_DEV_CREATE
        RTC_RD_TIME
        SPI_IOC_WR_MODE
        LOOP_CTL_GET_FREE
        BLKGETSIZE64
        EVIOCGABS
        KEY_ENTER
        ABS_X
        O_NOFOLLOW
        SYS_openat2
        SYS_pidfd_open
        SYS_statx
        """;

    /// <summary>
    /// The first run, the second with another list, the median of further ones and of edits elsewhere, all in milliseconds of the
    /// processor, and the peak of the process's memory in MiB.
    /// </summary>
    /// <param name="hasNames">Whether the lists have names.</param>
    internal static string Measure(bool hasNames)
    {
        CSharpParseOptions language = new(LanguageVersion.Latest);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Program",
            [CSharpSyntaxTree.ParseText("class Program { static void Main() { } }", language)],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal))
                .Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true));

        // What a compiler does anyway before generators run.
        _ = compilation.GetTypeByMetadataName("System.Object");
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new UapiGenerator().AsSourceGenerator()], [new List("")], language);
        double first = Time(() => driver = Run(driver, hasNames ? Names : "# ", compilation));

        // The next build comes when the rest of this one is done, and what the generator prepares for it beside that.
        Thread.Sleep(RestOfBuildMilliseconds);
        double second = Time(() => driver = Run(driver, hasNames ? OtherNames : "## ", compilation));
        string peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        double[] further = [.. Enumerable.Range(0, Repetitions).Select(round => Time(
            () => driver = Run(driver, hasNames ? round % 2 == 0 ? Names : OtherNames : "# ", compilation)))];
        double[] edits = [.. Enumerable.Range(0, Repetitions).Select(round =>
        {
            CSharpCompilation edited = compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText($"class Edit{round};", language));
            return Time(() => driver = driver.RunGenerators(edited));
        })];
        double memory = double.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        return string.Join(' ', new[] { first, second, Median(further), Median(edits), memory }
            .Select(figure => figure.ToString("f3", CultureInfo.InvariantCulture)));
    }

    private static GeneratorDriver Run(GeneratorDriver driver, string list, CSharpCompilation compilation)
    {
        GeneratorDriver next = driver.ReplaceAdditionalTexts([new List(list)]).RunGenerators(compilation);
        GeneratorRunResult result = next.GetRunResult().Results[0];
        if (result.Exception is { } fault || result.Diagnostics.Any(said => said.Severity > DiagnosticSeverity.Info))
        {
            throw new InvalidOperationException($"{result.Exception?.Message} {string.Join('\n', result.Diagnostics)}");
        }

        return next;
    }

    // Of the thread, so that what else runs on the machine matters little; a generator's driver runs on one.
    private static double Time(Action action)
    {
        double started = ThreadMilliseconds();
        action();
        return ThreadMilliseconds() - started;
    }

    private static double ThreadMilliseconds()
    {
        const int ofThread = 3; // CLOCK_THREAD_CPUTIME_ID
        return GetTime(ofThread, out ClockTime time) == 0
            ? (time.Seconds * 1e3) + (time.Nanoseconds / 1e6)
            : throw new InvalidOperationException("The thread has no clock.");
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out ClockTime time);

    // struct timespec of time.h, where long has 64 bits.
    private struct ClockTime
    {
        internal long Seconds;
        internal long Nanoseconds;
    }

    private static double Median(double[] figures)
    {
        Array.Sort(figures);
        return figures[figures.Length / 2];
    }

    private sealed class List(string text) : AdditionalText
    {
        public override string Path => "/project/uapi.txt";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text, Encoding.UTF8);
    }
}
