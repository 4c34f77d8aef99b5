using HvBindgen.Generator.Model;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed class IoctlTests
{
    // A descriptor that reaches no kernel: it notes the request, and writes 0x42 into the first byte of its argument.
    private const string Recorder = """
            private readonly struct Recorder(uint[] requests) : IIoctlDescriptor
            {
                public IoctlResult Ioctl(uint request, void* argument)
                {
                    requests[0] = request;
                    if ((nuint)argument > 4096)
                    {
                        *(byte*)argument = 0x42;
                        return IoctlResult.Success(0);
                    }

                    return argument is null ? IoctlResult.Failure(22) : IoctlResult.Success((int)argument);
                }
            }
        """;

    [Fact]
    public void A_request_is_a_constant_and_methods_typed_by_argument_and_direction()
    {
        Bindings bindings = Bindings.Of("ioctl-kinds.h");

        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Methods_pass_the_argument_in_the_caller_s_memory()
    {
        Bindings bindings = Bindings.Of("ioctl-kinds.h", members: Recorder, use: """
            uint[] requests = new uint[1];
            Recorder fd = new(requests);
            FdIoctls.DEMO_GET_REGION(fd, out region got);
            uint get = requests[0];
            region both = default;
            FdIoctls.DEMO_SWAP_REGION(fd, ref both);
            FdIoctls.DEMO_SET_REGION(fd, in both);
            byte[] list = new byte[msr_list.AllocationSize(2)];
            FdIoctls.DEMO_GET_MSRS(fd, list.AsSpan());
            IoctlResult run = FdIoctls.DEMO_RUN(fd, 7);
            IoctlResult failed = FdIoctls.DEMO_RUN(fd);
            return $"{got.start:x} {get:x} {both.start:x} {list[0]:x} {run.Value} {run.IsSuccess} {failed.Value} {failed.Errno}";
            """);

        Assert.Equal("42 8010b802 42 42 7 True -1 22", bindings.Result);
    }

    [Fact]
    public void A_span_shorter_than_the_record_is_refused()
    {
        Bindings bindings = Bindings.Of("ioctl-kinds.h", members: Recorder, use: """
            return Refused(() => FdIoctls.DEMO_GET_MSRS(new Recorder(new uint[1]), new byte[7].AsSpan()));
            """);

        Assert.Equal(true, bindings.Result);
    }

    [Fact]
    public void The_error_number_is_the_one_of_the_call_itself()
    {
        Bindings bindings = Bindings.Of("ioctl-kinds.h", use: """
            IoctlResult result = FdIoctls.DEMO_RUN(new Fd(-1));
            return $"{result.Errno} {result.Value} {result.IsSuccess}";
            """);

        // EBADF
        Assert.Equal("9 -1 False", bindings.Result);
    }

    [Fact]
    public void A_request_made_by_a_wrapper_macro_is_seen_through()
    {
        Bindings bindings = Bindings.Of("ioctl-wrapper.h");

        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void One_number_on_several_kinds_of_descriptor_is_several_requests()
    {
        Bindings bindings = Bindings.Of(
            "ioctl-descriptors.h",
            parse: request => request with
            {
                Descriptors = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["device"] = ["DEMO_CREATE_PARTITION", "DEMO_CHECK_EXTENSION"],
                    ["partition"] = ["*_PARTITION", "DEMO_CHECK_EXTENSION"],
                },
                DefaultDescriptor = "vp",
            });

        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void A_request_that_takes_further_types_has_a_method_for_each()
    {
        Bindings bindings = Bindings.Of(
            "ioctl-wrapper.h",
            use: "return sizeof(request);",
            emit: options => options with
            {
                AlternateArguments = new Dictionary<string,
                IReadOnlyList<AbiType>>
                { ["WRAP_OPEN"] = [AbiTypeText.Read("unsigned long long")] },
            });

        Assert.Equal(16, bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }
}
