using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed class IoctlUseTests
{
    // Notes the request and the argument; what lies at an address is read first, and then written.
    private const string Recorder = """
            private readonly struct Recorder(ulong[] seen) : IIoctlDescriptor
            {
                public IoctlResult Ioctl(uint request, void* argument)
                {
                    seen[0] = request;
                    seen[1] = (ulong)argument;
                    if ((nint)argument > 4096)
                    {
                        seen[2] = *(byte*)argument;
                        *(byte*)argument = 0x42;
                    }

                    return IoctlResult.Success(0);
                }
            }
        """;

    private static readonly Dictionary<string, string> Uses = new()
    {
        ["USE_DROP"] = "in struct range",
        ["USE_COUNT"] = "ref struct range",
        ["USE_KEEP"] = "value int",
        ["USE_QUERY"] = "out unsigned short",
        ["USE_LIST"] = "in struct table",
        ["USE_RESET"] = "none",
        ["USE_BUFFER"] = "pointer",
        ["USE_ELSEWHERE"] = "ref struct not_declared",
        ["USE_OLD"] = "out int",
        ["USE_ENUMERATED"] = "ref struct range",
    };

    [Fact]
    public void What_the_kernel_does_replaces_what_the_macro_says() => Verifier.Verify(Made().Declarations, "cs");

    [Fact]
    public void An_argument_that_the_kernel_reads_is_not_cleared_before()
    {
        Bindings bindings = Made("""
            ulong[] seen = new ulong[3];
            range range = new() { start = 0x55 };
            FdIoctls.USE_DROP(new Recorder(seen), in range);
            return seen[2];
            """);

        Assert.Equal(0x55ul, bindings.Result);
    }

    [Fact]
    public void A_number_is_passed_itself_with_its_sign()
    {
        Bindings bindings = Made("""
            ulong[] seen = new ulong[3];
            FdIoctls.USE_KEEP(new Recorder(seen), 1);
            ulong one = seen[1];
            FdIoctls.USE_KEEP(new Recorder(seen), -1);
            return $"{one} {(long)seen[1]}";
            """);

        Assert.Equal("1 -1", bindings.Result);
    }

    [Fact]
    public void A_number_that_the_configuration_calls_a_request_is_one()
    {
        Bindings bindings = Made("""
            ulong[] seen = new ulong[3];
            FdIoctls.USE_OLD(new Recorder(seen), out int answer);
            ulong old = seen[0];
            range range = default;
            FdIoctls.USE_ENUMERATED(new Recorder(seen), ref range);
            ulong enumerated = seen[0];
            FdIoctls.USE_LISTED(new Recorder(seen));
            return $"{old:x} {answer:x} {enumerated:x} {range.start:x} {seen[0]:x} {Constants.USE_ENUMERATED:x} {Constants.USE_OLD:x}";
            """);

        Assert.Equal("5401 42 c010750a 42 750b c010750a 5401", bindings.Result);
    }

    [Fact]
    public void No_other_number_becomes_a_request()
    {
        AbiModel model = Made().Parsed[0].Model;

        Assert.DoesNotContain("USE_NO_REQUEST", model.Ioctls.Select(ioctl => ioctl.Name));
        Assert.DoesNotContain("USE_PLAIN_ENUMERATOR", model.Ioctls.Select(ioctl => ioctl.Name));
        Assert.Contains("USE_NO_REQUEST", model.Constants.Select(constant => constant.Name));
    }

    [Fact]
    public void A_request_of_another_header_with_a_known_name_is_believed()
    {
        IoctlUses uses = new(new Dictionary<string, IoctlUse>(), MisdeclaredRequests.ByName);
        AbiIoctl ioctl = Made().Parsed[0].Model.Ioctls.First(one => one.Name == "USE_DROP");

        Assert.Null(uses.Of(ioctl with { Name = "UFFDIO_UNREGISTER" }));
        Assert.Equal(
            IoctlPassing.In,
            uses.Of(ioctl with { Name = "UFFDIO_UNREGISTER", Location = new SourceLocation("linux/userfaultfd.h", 1, 1) })?.Passing);
    }

    [Theory]
    [InlineData("by value", "does not begin with")]
    [InlineData("", "does not begin with")]
    [InlineData("ref", "names no type")]
    [InlineData("none int", "has a type that it does not need")]
    [InlineData("value struct range", "only a number")]
    [InlineData("in struct", "struct")]
    public void A_use_that_says_nothing_is_refused(string text, string expected)
    {
        FormatException fault = Assert.Throws<FormatException>(() => IoctlUse.Read(text, "test"));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    private static Bindings Made(string? use = null) => Bindings.Of(
        "ioctl-uses.h",
        use,
        use is null ? "" : Recorder,
        parse: request => request with { NumberRequests = ["USE_OLD", "USE_ENUM*", "USE_LISTED"] },
        emit: options => options with
        {
            IoctlUses = new IoctlUses(
                Uses.ToDictionary(pair => pair.Key, pair => IoctlUse.Read(pair.Value, "demo/driver.c")),
                MisdeclaredRequests.ByName),
        });
}
