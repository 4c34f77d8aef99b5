using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;
using Name = HvBindgen.Mshv.Abi.Arm64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Processors;

/// <summary>Guest-virtual addresses of arm64, over a hypervisor that does not see pages which nobody has touched yet.</summary>
public sealed class Arm64TranslationTests
{
    private const ulong Tables = 0x1000;
    private const ulong Page = 0x5000;
    private const ulong Gva = 0x2abc;
    private const uint NoReadAccess = 5;

    [Fact]
    public void A_page_that_was_not_there_yet_is_touched_and_asked_for_once_more()
    {
        using Guest guest = new();
        guest.Answers = [(NoReadAccess, 0), (0, Page)];

        GvaTranslation translation = guest.Processor.TranslateGva(Gva);

        Assert.Equal(hv_translate_gva_result_code.HV_TRANSLATE_GVA_SUCCESS, translation.Code);
        Assert.Equal(Page | 0xabc, translation.Gpa);
        Assert.Equal(2, guest.Asked);
    }

    [Fact]
    public void Where_the_hypervisor_never_sees_it_the_guest_s_tables_are_walked()
    {
        using Guest guest = new();
        guest.Answers = [(NoReadAccess, 0), (NoReadAccess, 0)];

        GvaTranslation translation = guest.Processor.TranslateGva(Gva);

        Assert.Equal(hv_translate_gva_result_code.HV_TRANSLATE_GVA_SUCCESS, translation.Code);
        Assert.Equal(Page | 0xabc, translation.Gpa);
        Assert.Equal(2, guest.Asked);
    }

    [Fact]
    public void An_answer_that_nothing_can_change_is_given_at_once()
    {
        using Guest guest = new();
        guest.Answers = [(1, 0)];

        Assert.Equal(hv_translate_gva_result_code.HV_TRANSLATE_GVA_PAGE_NOT_PRESENT, guest.Processor.TranslateGva(Gva).Code);
        Assert.Equal(1, guest.Asked);
    }

    [Fact]
    public void Where_the_tables_lead_nowhere_the_hypervisor_s_answer_stays()
    {
        using Guest guest = new();
        guest.Answers = [(NoReadAccess, 0)];

        Assert.Equal(hv_translate_gva_result_code.HV_TRANSLATE_GVA_GPA_NO_READ_ACCESS, guest.Processor.TranslateGva(0x7000).Code);
        Assert.Equal(1, guest.Asked);
    }

    [Theory]
    [InlineData(0, 0UL, 2, 2)] // the driver brings the pages along
    [InlineData(25, 0UL, 1, 4)] // ENOTTY: it does not have the request, and is asked once
    [InlineData(14, 0UL, 2, 4)] // EFAULT: it could not this time
    [InlineData(0, (ulong)NoReadAccess, 2, 4)]
    public void The_request_that_brings_the_pages_along_is_tried_and_used_where_it_answers(
        int errno, ulong code, int requests, int hypercalls)
    {
        using Guest guest = new();
        guest.RequestAnswer = (errno, code);
        guest.Answers = hypercalls == 2
            ? [(NoReadAccess, 0), (NoReadAccess, 0)]
            : [(NoReadAccess, 0), (0, Page), (NoReadAccess, 0), (0, Page)];

        GvaTranslation first = guest.Processor.TranslateGva(Gva);
        GvaTranslation second = guest.Processor.TranslateGva(Gva);

        Assert.Equal((hv_translate_gva_result_code.HV_TRANSLATE_GVA_SUCCESS, Page | 0xabc), (first.Code, first.Gpa));
        Assert.Equal(first, second);
        Assert.Equal((requests, hypercalls), (guest.Requested, guest.Asked));
    }

    private sealed unsafe class Guest : IDisposable
    {
        private readonly FakeMachine machine = new(GuestArchitecture.Arm64);
        private readonly GuestMemory ram = GuestMemory.Allocate(0x10000);

        internal Guest()
        {
            machine.Partition.Memory.Map(0, ram);
            Processor = machine.CreateProcessor();

            // 4 KiB pages and addresses of 25 bits: a table of the second level, and one of pages.
            machine.Partition.Memory.Write(Tables, 0x2003UL);
            machine.Partition.Memory.Write(0x2000 + (Gva >> 12 << 3), Page | 0x403);
            Set(Name.HV_ARM64_REGISTER_SCTLR_EL1, 1);
            Set(Name.HV_ARM64_REGISTER_TCR_EL1, 64 - 25);
            Set(Name.HV_ARM64_REGISTER_TTBR0_EL1, Tables);
            machine.Calls.OnHypercall = Answer;
            machine.Calls.OnOtherRequest = AnswerRequest;
        }

        internal VirtualProcessor Processor { get; }

        /// <summary>Result codes and pages, one for each time the hypervisor is asked.</summary>
        internal (uint Code, ulong Gpa)[] Answers { get; set; } = [];

        internal int Asked { get; private set; }

        /// <summary>What the request for a translation is answered with; ENOTTY as Linux 7.3 does.</summary>
        internal (int Errno, ulong Code) RequestAnswer { get; set; } = (25, 0);

        internal int Requested { get; private set; }

        public void Dispose()
        {
            machine.Dispose();
            ram.Dispose();
        }

        private IoctlResult AnswerRequest(uint request, nint argument)
        {
            Assert.Equal(Constants.MSHV_TRANSLATE_GVA, request);
            Requested++;
            mshv_translate_gva* asked = (mshv_translate_gva*)argument;
            asked->result->as_uint64 = RequestAnswer.Code;
            *asked->gpa = Page | (asked->gva & 0xfff);
            return RequestAnswer.Errno == 0 ? IoctlResult.Success(0) : IoctlResult.Failure(RequestAnswer.Errno);
        }

        private ushort? Answer(ushort code, byte[] input, byte[] output)
        {
            if (code != Constants.HVCALL_TRANSLATE_VIRTUAL_ADDRESS)
            {
                return null;
            }

            (uint result, ulong gpa) = Answers[Asked++];
            BitConverter.TryWriteBytes(output, result);
            BitConverter.TryWriteBytes(output.AsSpan(8), gpa >> 12);
            return 0;
        }

        private void Set(Name name, ulong value) => machine.Calls.Registers[(0, (uint)name)] = new hv_u128 { low_part = value };
    }
}
