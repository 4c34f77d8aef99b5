using Microsoft.CodeAnalysis;
using Xunit;

namespace HvBindgen.Uapi.Tests;

public sealed class NameTests
{
    [Theory]
    [InlineData("struct input_event", "public struct input_event\n")]
    [InlineData("input_event", "public struct input_event\n")]
    [InlineData("enum gpio_v2_line_flag", "public enum gpio_v2_line_flag")]
    [InlineData("GPIO_V2_LINE_FLAG_INPUT", "public enum gpio_v2_line_flag")]
    [InlineData("EV_KEY", "const int EV_KEY = 1;")]
    [InlineData("GPIO_V2_GET_LINEINFO_IOCTL", "GPIO_V2_GET_LINEINFO_IOCTL<")]
    [InlineData("EVIOCGNAME", "uint EVIOCGNAME(int len)")]
    [InlineData("EVIOCGNAME(len)", "uint EVIOCGNAME(int len)")]
    [InlineData("linux/gpio.h:GPIO_MAX_NAME_SIZE", "const int GPIO_MAX_NAME_SIZE = 32;")]
    [InlineData("IORING_OP_READV", "IORING_OP_READV")]
    [InlineData("struct statx", "struct statx_timestamp")]
    public void A_name_gives_what_a_header_declares_by_it(string name, string text)
    {
        Project project = Project.With(name);

        Assert.Empty(project.Said);
        Assert.Contains(text, project.Text.Replace("internal ", "public ", StringComparison.Ordinal), StringComparison.Ordinal);
        project.Compile();
    }

    [Theory]
    [InlineData("linux/videodev2.h", "struct v4l2_buffer")]
    [InlineData("linux/fuse.h", "struct fuse_in_header")]
    [InlineData("linux/vm_sockets.h", "struct sockaddr_vm")]
    [InlineData("sound/asound.h", "struct snd_pcm_hw_params")]
    [InlineData("linux/uinput.h", "struct uinput_setup")]
    [InlineData("linux/mshv.h", "struct mshv_create_partition")]
    [InlineData("linux/kvm.h", "struct kvm_regs")]
    public void A_header_gives_all_that_it_declares_also_where_it_takes_something_from_a_C_library(string header, string text)
    {
        Project project = Project.With(header, ("UapiPatternLimit", "5000"));

        Assert.DoesNotContain(project.Said, said => said.Severity > DiagnosticSeverity.Info);
        Assert.Contains(text, project.Text, StringComparison.Ordinal);
        project.Compile();
    }

    [Fact]
    public void A_pattern_gives_what_matches_it_and_nothing_else()
    {
        Project project = Project.With("IORING_FEAT_*");

        Assert.Contains("IORING_FEAT_SINGLE_MMAP", project.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("IORING_SETUP", project.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_enumerator_of_an_enum_without_a_name_is_one_constant()
    {
        Project project = Project.With("IFLA_BR_FORWARD_DELAY");

        Assert.Contains("IFLA_BR_FORWARD_DELAY", project.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("IFLA_BR_HELLO_TIME", project.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_with_a_minus_leaves_out_what_others_ask_for()
    {
        Project project = Project.With("IORING_FEAT_*\n- IORING_FEAT_NODROP\n");

        Assert.Empty(project.Said);
        Assert.DoesNotContain("IORING_FEAT_NODROP", project.Text, StringComparison.Ordinal);
        Assert.Contains("IORING_FEAT_EXT_ARG", project.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_blanks_and_what_documents_put_between_words_mean_nothing()
    {
        Project project = Project.With("\ufeff// input\r\n\r\n  EV_KEY\u200b   // a key\r\n# more\r\nEV_REL # relative\r\n");

        Assert.Empty(project.Said);
        Assert.Contains("EV_KEY = 1", project.Text, StringComparison.Ordinal);
        Assert.Contains("EV_REL = 2", project.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_system_call_has_its_number_under_the_name_that_C_programs_use()
    {
        Project project = Project.With("SYS_io_uring_setup");

        Assert.Contains("__NR_io_uring_setup = 425", project.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_stands_for_system_calls_and_for_what_is_called_so_in_headers()
    {
        Project project = Project.With("SYS_io_uring_*\nSYS_S?CKET\n-SYS_io_uring_e*");

        Assert.Empty(project.Said);
        Assert.Contains("__NR_io_uring_setup = 425", project.Text, StringComparison.Ordinal);
        Assert.Contains("__NR_io_uring_register = 427", project.Text, StringComparison.Ordinal);
        Assert.Contains("SYS_SOCKET = 1", project.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("__NR_io_uring_enter", project.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_that_differs_between_machines_is_one_name_that_picks()
    {
        Project project = Project.With("O_DIRECT", ("RootNamespace", "App"));

        Assert.Contains("O_DIRECT = 0x4000;", project.Sources["asm-generic.fcntl.Constants.X64.g.cs"], StringComparison.Ordinal);
        Assert.Contains("O_DIRECT = 0x10000;", project.Text, StringComparison.Ordinal);
        Assert.Contains("Architecture.Arm64 => Arm64.Constants.O_DIRECT", project.Text, StringComparison.Ordinal);
        project.Compile("class Use { static int Flag => App.Uapi.Constants.O_DIRECT; }");
    }

    [Theory]
    [InlineData("net8.0")]
    [InlineData("net10.0")]
    public void More_machines_are_in_the_same_assembly_when_the_project_asks_for_them(string framework)
    {
        Project project = Project.On(
            framework == "net8.0" ? Frameworks.Net8 : Frameworks.Running, "O_DIRECT\nstruct iphdr\nstruct iovec\nTCGETS",
            ("UapiTargets", "x86_64,arm64,riscv64,ppc64le,s390x,armv7"), ("UapiLayoutChecks", "true"));

        Assert.DoesNotContain(project.Said, said => said.Severity > DiagnosticSeverity.Info);
        Assert.Contains("Architecture.S390x => S390x.Constants.O_DIRECT", project.Text, StringComparison.Ordinal);
        project.Compile(
            """
            class Use
            {
                static int Direct => Uapi.Constants.O_DIRECT;
                static int Length(Uapi.S390x.iphdr header) => header.ihl;
                static Uapi.Arm.iovec Piece => default;
            }
            """);
    }

    [Fact]
    public void What_one_machine_alone_has_is_in_its_namespace_and_the_line_says_so()
    {
        Project project = Project.With("struct kvm_cpuid2");

        Diagnostic said = Assert.Single(project.Said);
        Assert.Equal("HVU004", said.Id);
        Assert.Contains("namespace Uapi.X64;", project.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_are_for_the_project_alone_unless_a_line_or_the_project_says_public()
    {
        const string list = "struct gpiochip_info\npublic struct gpio_v2_line_request";

        string one = Project.With(list).Text;
        string all = Project.With(list, ("UapiVisibility", "public")).Text;

        Assert.Contains("internal struct gpiochip_info", one, StringComparison.Ordinal);
        Assert.Contains("public struct gpio_v2_line_request", one, StringComparison.Ordinal);
        Assert.Contains("public struct gpio_v2_line_config", one, StringComparison.Ordinal);
        Assert.Contains("public struct gpiochip_info", all, StringComparison.Ordinal);
        Project.With(list).Compile();
    }

    [Fact]
    public void A_public_request_is_so_with_its_methods_and_number_and_others_are_not()
    {
        Project project = Project.With("public GPIO_V2_GET_LINE_IOCTL\npublic EVIOCGNAME\nEVIOCGVERSION\nEV_KEY\npublic EV_REL");

        System.Reflection.Assembly assembly = System.Reflection.Assembly.Load(project.Compile("""
            [assembly: System.CLSCompliant(false)]
            public class Use
            {
                public static unsafe Uapi.IoctlResult Ask(Uapi.gpio_v2_line_request* line) =>
                    Uapi.FdIoctls.GPIO_V2_GET_LINE_IOCTL(new Uapi.Fd(0), line);
            }
            """));

        string[] constants = [.. assembly.GetType("Uapi.Constants")!.GetMembers().Select(member => member.Name)];
        Assert.Contains("GPIO_V2_GET_LINE_IOCTL", constants);
        Assert.Contains("EVIOCGNAME", constants);
        Assert.Contains("EV_REL", constants);
        Assert.DoesNotContain("EVIOCGVERSION", constants);
        Assert.DoesNotContain("EV_KEY", constants);
        string[] methods = [.. assembly.GetType("Uapi.FdIoctls")!.GetMethods().Select(method => method.Name).Distinct()];
        Assert.Contains("GPIO_V2_GET_LINE_IOCTL", methods);
        Assert.Contains("EVIOCGNAME", methods);
        Assert.DoesNotContain("EVIOCGVERSION", methods);
        Assert.Contains(assembly.GetExportedTypes(), type => type.Name == "gpio_v2_line_request");
    }

    [Fact]
    public void A_constant_that_picks_is_public_where_its_line_says_so()
    {
        Project project = Project.With("public O_DIRECT\nO_NOFOLLOW");

        Type constants = System.Reflection.Assembly.Load(project.Compile()).GetType("Uapi.Constants")!;
        Assert.NotNull(constants.GetProperty("O_DIRECT"));
        Assert.Null(constants.GetProperty("O_NOFOLLOW"));
    }

    [Fact]
    public void Two_projects_with_the_same_namespace_have_their_own_types()
    {
        (string, string)[] same = [("UapiNamespace", "Solution.Uapi")];
        byte[] library = Project.With("struct statx\nEVIOCGVERSION", same).Compile("""
            public static class Library
            {
                public static unsafe int Size => sizeof(Solution.Uapi.statx);
            }
            """);

        Project program = Project.On(
            [.. Frameworks.Running, MetadataReference.CreateFromImage(library)], "struct statx\nEVIOCGVERSION", same);
        Assert.Empty(program.Said);
        program.Compile("class Program { static unsafe bool Same => sizeof(Solution.Uapi.statx) == Library.Size; }");
    }

    // With a namespace for each project, which is the default, there are no twins.
    [Theory]
    [InlineData("Solution.Uapi", """[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Project")]""", "HVU014")]
    [InlineData("My.Uapi", """[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Project")]""", null)]
    [InlineData("Solution.Uapi", "", null)]
    public void Projects_that_see_each_other_s_internals_are_told_that_they_want_namespaces_of_their_own(
        string space, string visibility, string? id)
    {
        byte[] library = Project.With("struct statx", ("UapiNamespace", "Solution.Uapi")).Compile(visibility, "Library");
        Project program = Project.On(
            [.. Frameworks.Running, MetadataReference.CreateFromImage(library)], "struct statx", ("UapiNamespace", space));

        Assert.Equal(id, program.Said.SingleOrDefault()?.Id);
        Assert.Equal(
            id is null ? [] : ["CS0436"], program.Faults($"class Program {{ static unsafe int Size => sizeof({space}.statx); }}"));
    }

    // A project of tests sees the types that it does not ask for itself.
    [Fact]
    public void What_another_project_shows_can_be_used_where_the_list_does_not_ask_for_it()
    {
        (string, string)[] same = [("UapiNamespace", "Solution.Uapi")];
        byte[] library = Project.With("struct statx\nEV_KEY", same).Compile(
            """[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Project")]""", "Library");

        Project program = Project.On([.. Frameworks.Running, MetadataReference.CreateFromImage(library)], "struct input_id", same);

        Assert.Empty(program.Said);
        program.Compile("class Program { static unsafe int Size => sizeof(Solution.Uapi.statx) + sizeof(Solution.Uapi.input_id); }");
    }

    [Fact]
    public void A_public_twin_in_another_assembly_is_told_with_its_name()
    {
        (string, string)[] same = [("UapiNamespace", "Solution.Uapi")];
        byte[] library = Project.With("public struct input_id", same).Compile("[assembly: System.CLSCompliant(false)]", "Library");

        Project program = Project.On([.. Frameworks.Running, MetadataReference.CreateFromImage(library)], "struct input_id", same);

        Diagnostic said = Assert.Single(program.Said);
        Assert.Equal("HVU014", said.Id);
        Assert.Contains("Solution.Uapi.input_id", said.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains("Library", said.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_has_the_method_with_an_address_alone_where_the_project_wants_no_friendly_ones()
    {
        Project project = Project.With(
            "GPIO_V2_GET_LINE_IOCTL\nEVIOCGABS\nEVIOCGNAME", ("UapiFriendlyOverloads", "false"), ("UapiVisibility", "public"));

        System.Reflection.MethodInfo[] methods =
            System.Reflection.Assembly.Load(project.Compile()).GetType("Uapi.FdIoctls")!.GetMethods();
        Assert.Single(methods, method => method.Name == "GPIO_V2_GET_LINE_IOCTL");
        Assert.Single(methods, method => method.Name == "EVIOCGABS");

        // Of a length that the number tells no address alone can be taken.
        Assert.Single(methods, method => method.Name == "EVIOCGNAME");
    }

    [Fact]
    public void Properties_of_the_project_name_what_is_made()
    {
        Project project = Project.With(
            "EV_KEY\nstruct input_id", ("UapiNamespace", "My.Linux"), ("UapiConstantsClass", "Numbers"), ("UapiTargets", "arm64"),
            ("UapiLayoutChecks", "true"));

        project.Compile("""
            class Use
            {
                static int Key => My.Linux.Numbers.EV_KEY;
                static object Layout => My.Linux.AbiLayout.FindMismatches(out int facts);
            }
            """);
        Assert.DoesNotContain("X64", project.Text, StringComparison.Ordinal);
    }
}
