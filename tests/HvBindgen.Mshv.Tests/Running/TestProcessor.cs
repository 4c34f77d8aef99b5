using System.Runtime.InteropServices;
using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>One register write, and the way it took.</summary>
internal readonly record struct RegisterWrite(uint Name, ulong Low, ulong High = 0, bool ByPage = false);

/// <summary>A processor made of a register store and a list of messages: no device, no guest code. Its RAM begins at 0.</summary>
internal sealed unsafe class TestProcessor : ScriptedSystemCalls, IProcessor, IDisposable
{
    internal const int Fd = 1000;
    internal const uint Index = 3;

    private readonly FlatMemory memory;
    private readonly hv_vp_register_page* page;
    private readonly byte[] pageBefore = new byte[sizeof(hv_vp_register_page)];

    internal TestProcessor(
        bool hasPage = false, bool pageIsValid = true, GuestArchitecture architecture = GuestArchitecture.X64, int ramBytes = 0x10000)
    {
        memory = new FlatMemory(ramBytes);
        if (hasPage)
        {
            page = (hv_vp_register_page*)NativeMemory.AlignedAlloc(4096, 4096);
            NativeMemory.Clear(page, 4096);
            page->isvalid = pageIsValid ? (byte)1 : (byte)0;
        }

        Architecture = architecture;
    }

    public GuestArchitecture Architecture { get; }

    internal FlatMemory Memory => memory;

    internal Dictionary<uint, hv_u128> Registers { get; } = [];

    internal List<RegisterWrite> Writes { get; } = [];

    internal Queue<hv_message> Messages { get; } = new();

    internal int HypercallCount { get; private set; }

    internal ushort RefusedStatus { get; set; }

    internal int RunErrnoAtEnd { get; set; } = 5;

    internal hv_vp_register_page* Page => page;

    /// <summary>The extended (XSAVE) state; null where the driver refuses to give it.</summary>
    internal byte[]? ExtendedState { get; set; }

    internal int ExtendedStateWrites { get; private set; }

    /// <summary>Gives a register a value, wherever the processor shows it.</summary>
    internal void Set(hv_register_name name, ulong low, ulong high = 0)
    {
        Registers[(uint)name] = new hv_u128 { low_part = low, high_part = high };
        if (page is null)
        {
            return;
        }

        switch (name)
        {
            case >= hv_register_name.HV_X64_REGISTER_RAX and <= hv_register_name.HV_X64_REGISTER_RFLAGS:
                page->registers[(int)(name - hv_register_name.HV_X64_REGISTER_RAX)] = low;
                break;
            case >= hv_register_name.HV_X64_REGISTER_XMM0 and <= hv_register_name.HV_X64_REGISTER_XMM5:
                page->xmm_registers[(int)(name - hv_register_name.HV_X64_REGISTER_XMM0)] = new hv_u128 { low_part = low, high_part = high };
                break;
            case >= hv_register_name.HV_X64_REGISTER_ES and <= hv_register_name.HV_X64_REGISTER_GS:
                hv_register_value value = new() { reg128 = new hv_u128 { low_part = low, high_part = high } };
                page->segment_registers[(int)(name - hv_register_name.HV_X64_REGISTER_ES)] = value.segment;
                break;
            case hv_register_name.HV_X64_REGISTER_CR0:
                page->cr0 = low;
                break;
            case hv_register_name.HV_X64_REGISTER_CR3:
                page->cr3 = low;
                break;
            case hv_register_name.HV_X64_REGISTER_CR4:
                page->cr4 = low;
                break;
            case hv_register_name.HV_X64_REGISTER_EFER:
                page->efer = low;
                break;
            case hv_register_name.HV_X64_REGISTER_XFEM:
                page->xfem = low;
                break;
        }
    }

    internal void SetSegment(hv_register_name name, ulong address, uint limit, ushort selector, ushort attributes)
    {
        hv_register_value value = new()
        {
            segment = new hv_x64_segment_register { @base = address, limit = limit, selector = selector, attributes = attributes },
        };
        Set(name, value.reg128.low_part, value.reg128.high_part);
    }

    /// <summary>32-bit protected mode without paging; all segments begin at 0.</summary>
    internal void SetFlatProtectedMode(ulong rip)
    {
        Set(hv_register_name.HV_X64_REGISTER_CR0, 0x11);
        Set(hv_register_name.HV_X64_REGISTER_RIP, rip);
        Set(hv_register_name.HV_X64_REGISTER_RFLAGS, 2);
        for (hv_register_name segment = hv_register_name.HV_X64_REGISTER_ES; segment <= hv_register_name.HV_X64_REGISTER_GS; segment++)
        {
            bool isCode = segment == hv_register_name.HV_X64_REGISTER_CS;
            SetSegment(segment, 0, uint.MaxValue, isCode ? (ushort)8 : (ushort)16, isCode ? (ushort)0xc09b : (ushort)0xc093);
        }

        PageIsUpToDate();
    }

    /// <summary>16-bit real mode; the segments begin where their selectors say.</summary>
    internal void SetRealMode(ushort dataSegment, ushort extraSegment)
    {
        Set(hv_register_name.HV_X64_REGISTER_CR0, 0x10);
        Set(hv_register_name.HV_X64_REGISTER_RFLAGS, 2);
        foreach ((hv_register_name name, ushort selector) in new[]
        {
            (hv_register_name.HV_X64_REGISTER_ES, extraSegment), (hv_register_name.HV_X64_REGISTER_CS, (ushort)0),
            (hv_register_name.HV_X64_REGISTER_SS, (ushort)0), (hv_register_name.HV_X64_REGISTER_DS, dataSegment),
            (hv_register_name.HV_X64_REGISTER_FS, (ushort)0), (hv_register_name.HV_X64_REGISTER_GS, (ushort)0),
        })
        {
            SetSegment(
                name, (ulong)selector << 4, 0xffff, selector, name == hv_register_name.HV_X64_REGISTER_CS ? (ushort)0x9b : (ushort)0x93);
        }

        PageIsUpToDate();
    }

    /// <summary>What has changed on the page from here on is a write.</summary>
    internal void PageIsUpToDate()
    {
        if (page is not null)
        {
            page->dirty = 0;
            new ReadOnlySpan<byte>(page, pageBefore.Length).CopyTo(pageBefore);
        }
    }

    /// <summary>Moves what was written to the page to <see cref="Writes"/>; what is not marked dirty would be lost.</summary>
    internal void TakePageWrites()
    {
        if (page is null)
        {
            return;
        }

        fixed (byte* bytes = pageBefore)
        {
            hv_vp_register_page* before = (hv_vp_register_page*)bytes;
            for (int i = 0; i < 18; i++)
            {
                int registerClass = i < 16 ? 0 : i == 16 ? 1 : 4;
                if ((page->dirty & (1u << registerClass)) != 0 && page->registers[i] != before->registers[i])
                {
                    Writes.Add(
                        new RegisterWrite((uint)hv_register_name.HV_X64_REGISTER_RAX + (uint)i, page->registers[i], 0, ByPage: true));
                }
            }

            for (int i = 0; i < 6 && (page->dirty & 4) != 0; i++)
            {
                hv_u128 value = page->xmm_registers[i];
                if (value.low_part != before->xmm_registers[i].low_part || value.high_part != before->xmm_registers[i].high_part)
                {
                    Writes.Add(
                        new RegisterWrite(
                            (uint)hv_register_name.HV_X64_REGISTER_XMM0 + (uint)i, value.low_part, value.high_part, ByPage: true));
                }
            }
        }

        PageIsUpToDate();
    }

    uint IProcessor.Index => Index;

    BorrowedDescriptor IProcessor.Descriptor => new(this, Fd);

    RegisterPage IProcessor.RegisterPage => new(page);

    IGuestPhysicalMemory IProcessor.Memory => memory;

    IGuestTime IProcessor.Time { get; } = new FakeTime();

    /// <summary>Width of a guest-physical address.</summary>
    public int PhysicalAddressBits { get; init; }

    void IProcessor.Acquire()
    {
    }

    void IProcessor.Release()
    {
    }

    public override IoctlResult Ioctl(int fd, uint request, void* argument)
    {
        if (request == Abi.Constants.MSHV_RUN_VP)
        {
            TakePageWrites();
            if (Messages.TryDequeue(out hv_message message))
            {
                *(hv_message*)argument = message;
                return IoctlResult.Success(0);
            }

            return IoctlResult.Failure(RunErrnoAtEnd);
        }

        return request switch
        {
            Abi.Constants.MSHV_ROOT_HVCALL => Hypercall((mshv_root_hvcall*)argument),
            Abi.Constants.MSHV_GET_VP_STATE or Abi.Constants.MSHV_SET_VP_STATE =>
                TransferState((mshv_get_set_vp_state*)argument, isWrite: request == Abi.Constants.MSHV_SET_VP_STATE),
            _ => IoctlResult.Failure(25),
        };
    }

    public void Dispose()
    {
        Assert.True(memory.IsIntact, "memory beyond the guest's RAM was written");
        memory.Dispose();
        NativeMemory.AlignedFree(page);
    }

    // No assertion of the test library: it would allocate.
    private static void RequireOwnIndex(uint index)
    {
        if (index != Index)
        {
            throw new InvalidOperationException($"a hypercall for processor {index}");
        }
    }

    // Whole pages at the beginning of a page, or nothing: as the driver does.
    private IoctlResult TransferState(mshv_get_set_vp_state* request, bool isWrite)
    {
        const uint PageBytes = 4096;
        if (ExtendedState is not { } state || request->type != Abi.Constants.MSHV_VP_STATE_XSAVE)
        {
            return IoctlResult.Failure(95);
        }

        uint neededBytes = ((uint)state.Length + PageBytes - 1) / PageBytes * PageBytes;
        if (request->buf_sz % PageBytes != 0 || request->buf_ptr % PageBytes != 0 || request->buf_sz < neededBytes)
        {
            request->buf_sz = neededBytes;
            return IoctlResult.Failure(22);
        }

        Span<byte> theirs = new((void*)request->buf_ptr, state.Length);
        if (isWrite)
        {
            ExtendedStateWrites++;
            theirs.CopyTo(state);
        }
        else
        {
            state.CopyTo(theirs);
        }

        return IoctlResult.Success(0);
    }

    private IoctlResult Hypercall(mshv_root_hvcall* call)
    {
        HypercallCount++;
        call->status = RefusedStatus;
        if (RefusedStatus != 0)
        {
            call->reps = 0;
            return IoctlResult.Failure(5);
        }

        switch (call->code)
        {
            case Abi.Constants.HVCALL_GET_VP_REGISTERS:
                hv_input_get_vp_registers* get = (hv_input_get_vp_registers*)call->in_ptr;
                RequireOwnIndex(get->vp_index);
                for (int i = 0; i < call->reps; i++)
                {
                    ((hv_u128*)call->out_ptr)[i] = Registers.GetValueOrDefault(hv_input_get_vp_registers.names(get)[i]);
                }

                return IoctlResult.Success(0);
            case Abi.Constants.HVCALL_SET_VP_REGISTERS:
                hv_input_set_vp_registers* set = (hv_input_set_vp_registers*)call->in_ptr;
                RequireOwnIndex(set->vp_index);
                for (int i = 0; i < call->reps; i++)
                {
                    hv_register_assoc* element = hv_input_set_vp_registers.elements(set) + i;
                    Writes.Add(new RegisterWrite(element->name, element->value.reg128.low_part, element->value.reg128.high_part));
                    Registers[element->name] = element->value.reg128;
                }

                return IoctlResult.Success(0);
            default:
                return IoctlResult.Failure(22);
        }
    }
}
