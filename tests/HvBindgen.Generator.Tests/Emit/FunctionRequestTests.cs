using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Snapshots;
using HvBindgen.Generator.Verification;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed class FunctionRequestTests
{
    private const string Recorder = """
            private readonly struct Recorder(uint[] requests) : IIoctlDescriptor
            {
                public IoctlResult Ioctl(uint request, void* argument)
                {
                    requests[0] = request;
                    if (argument is not null)
                    {
                        *(byte*)argument = 0x42;
                    }

                    return IoctlResult.Success(0);
                }
            }
        """;

    [Fact]
    public void A_macro_that_makes_a_request_of_its_arguments_becomes_methods_with_those_arguments() =>
        Verifier.Verify(Made().Declarations, "cs");

    [Fact]
    public void The_number_is_the_one_that_C_makes()
    {
        Bindings bindings = Made("""
            uint[] seen = new uint[1];
            Recorder fd = new(seen);
            byte[] name = new byte[100];
            FdIoctls.FUN_GET_NAME(fd, name);
            string all = $"{seen[0]:x} {name[0]:x}";
            FdIoctls.FUN_GET_BITS(fd, 3, new byte[96]);
            all += $" {seen[0]:x}";
            FdIoctls.FUN_GET_AXIS(fd, 5, out item axis);
            all += $" {seen[0]:x} {axis.address:x}";
            FdIoctls.FUN_MESSAGE(fd, new item[3]);
            all += $" {seen[0]:x}";
            FdIoctls.FUN_PLAIN(fd, 2);
            return all + $" {seen[0]:x} {Constants.FUN_SHARED}";
            """);

        // _IOC(read, 'f', 6, 100), _IOC(read, 'f', 0x23, 96), _IOR('f', 0x45, 16 bytes), _IOW('f', 0, 48 bytes), _IO('f', 0xc2)
        Assert.Equal("80646606 42 80606623 80106645 42 40306600 66c2 3", bindings.Result);
    }

    [Fact]
    public void What_has_no_room_in_the_number_is_refused()
    {
        Bindings bindings = Made("""
            Recorder fd = new(new uint[1]);
            bool[] refused =
            [
                Refused(() => FdIoctls.FUN_GET_NAME(fd, new byte[16384])),
                Refused(() => FdIoctls.FUN_GET_BITS(fd, 224, new byte[1])),
                Refused(() => FdIoctls.FUN_GET_BITS(fd, -1, new byte[1])),
                Refused(() => FdIoctls.FUN_MESSAGE(fd, new item[1024])),
                Refused(() => FdIoctls.FUN_GET_NAME(fd, new byte[16383])),
                Refused(() => FdIoctls.FUN_MESSAGE(fd, new item[1023])),
            ];
            return string.Join(' ', refused);
            """);

        Assert.Equal("True True True True False False", bindings.Result);
    }

    [Theory]
    [InlineData("FUN_SQUARE")]
    [InlineData("FUN_OTHER_DRIVER")]
    [InlineData("FUN_TWO_SIZES")]
    [InlineData("FUN_UNUSED")]
    [InlineData("FUN_HELPER")]
    [InlineData("FUN_SHARED")]
    [InlineData("FUN_NO_REQUEST")]
    [InlineData("FUN_MASKED")]
    [InlineData("FUN_CAST")]
    [InlineData("FUN_LIMITED")]
    [InlineData("FUN_NOT_FOUR")]
    [InlineData("FUN_TOGETHER")]
    public void A_macro_whose_number_is_no_sum_of_multiples_is_named_among_those_left_out(string name)
    {
        Bindings bindings = Made();

        Assert.DoesNotContain(bindings.Parsed[0].Model.Index.FunctionRequests, request => request.Macro.Name == name);
        Assert.Contains(bindings.Parsed[0].Omitted, declaration => declaration.Name == name);
        Assert.DoesNotContain($" {name}<", bindings.Declarations, StringComparison.Ordinal);
    }

    [Fact]
    public void A_macro_that_does_otherwise_at_a_further_argument_keeps_all_its_samples_and_says_why_it_has_no_method()
    {
        ParsedHeaders parsed = Made().Parsed[0];

        Assert.Equal(3, parsed.Model.Macros.First(macro => macro.Name == "FUN_MESSAGE").Samples.Count);
        Assert.True(parsed.Model.Macros.First(macro => macro.Name == "FUN_MASKED").Samples.Count > 3);
        Assert.Equal(
            "its request number is no sum of multiples of its arguments",
            parsed.Omitted.Single(omitted => omitted.Name == "FUN_MASKED").Reason);
    }

    [Fact]
    public async Task Compilers_agree_on_numbers_that_no_sample_had()
    {
        AbiModel model = Made().Parsed[0].Model;
        Compiler? gcc = CompilerFinder.Find(model.Target).FirstOrDefault(compiler => !compiler.IsClang);
        if (gcc is null)
        {
            Requirement.SkipOrFail("no gcc for x86_64 (Debian: gcc)");
            return;
        }

        VerifyReport report = await CompilerOracle.VerifyAsync(
            model,
            new VerifyRequest(gcc, ["ioctl-functions.h"], [FixtureFolders.Headers, FixtureFolders.Includes]),
            TestContext.Current.CancellationToken);

        Assert.Empty(report.Disagreements);
    }

    [Fact]
    public void A_snapshot_keeps_argument_and_descriptors()
    {
        AbiModel model = Made().Parsed[0].Model;

        Assert.Equal(model, SnapshotReader.Read(SnapshotWriter.Write(model), "test"));
        Assert.Equal("struct item", model.Macros.First(macro => macro.Name == "FUN_GET_AXIS").Argument?.ToString());
    }

    private static Bindings Made(string? use = null) => Bindings.Of(
        "ioctl-functions.h",
        use,
        use is null ? "" : Recorder,
        emit: options => options with
        {
            IoctlUses = new IoctlUses(
                new Dictionary<string, IoctlUse> { ["FUN_MESSAGE"] = IoctlUse.Read("in struct item", "demo/driver.c") },
                new Dictionary<(string Header, string Name), IoctlUse>()),
        });
}
