using Xunit;

namespace HvBindgen.Samples.Tests;

/// <summary>The samples of the source generator: programs that call the kernel with what it wrote for them.</summary>
public sealed class UapiSampleTests
{
    [Fact]
    public void Files_come_through_the_ring_as_they_are()
    {
        using TemporaryFolder folder = new();
        string first = new('a', 200_000);
        folder.With("first", first);
        folder.With("second", "and the end\n");

        Ending result = Sample.Run("IoUringCat", [folder["first"], folder["second"]]);

        Assert.SkipWhen(
            result.ExitCode == 1 && result.Error.Contains("io_uring_setup", StringComparison.Ordinal), $"no ring here: {result.Error}");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(first + "and the end\n", result.Out);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        Ending result = Sample.Run("IoUringCat", ["/no/such/file"]);

        Assert.Equal((1, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_is_no_input_device_says_so_in_the_kernel_s_words()
    {
        Ending result = Sample.Run("EvdevWatch", ["/dev/null"]);

        Assert.Equal((1, "", "error: /dev/null is no input device: Inappropriate ioctl for device\n"), (
            result.ExitCode, result.Out, result.Error));
    }

    [Theory]
    [InlineData("EvdevWatch", "/dev/input", "event*", "There is no input device.\n")]
    [InlineData("GpioInfo", "/dev", "gpiochip*", "There is no GPIO chip.\n")]
    public void Where_there_is_no_device_a_sample_says_so(string sample, string folder, string pattern, string text)
    {
        Assert.SkipWhen(Directory.Exists(folder) && Directory.GetFiles(folder, pattern).Length > 0, $"there is a {pattern} here");

        Ending result = Sample.Run(sample, []);

        Assert.Equal((0, text, ""), (result.ExitCode, result.Out, result.Error));
    }

    [Theory]
    [InlineData("IoUringCat")]
    [InlineData("EvdevWatch")]
    [InlineData("GpioInfo")]
    public void A_sample_is_short_enough_to_be_copied(string sample) => Assert.InRange(
        Directory.GetFiles(Path.Combine(Sample.Folder, sample), "*.cs").Sum(file => File.ReadLines(file).Count()), 1, 119);
}
