using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>Whether a program may use a port: by its I/O privilege level, or by the bitmap of its task segment.</summary>
internal sealed class PortPermissions(X64Context context, X64AddressSpace space, SystemRegisters system)
{
    private const int BitmapPointer = 0x66;
    private const int WideTask = 8;

    /// <summary>Grants the access of the instruction under way. SDM volume 1, 19.5.2.</summary>
    /// <returns>False when it is refused.</returns>
    internal bool TryGrant()
    {
        ref X64State state = ref context.State;
        bool isVirtual = (state.Rflags & X64Bits.FlagVm) != 0;

        if ((state.Cr0 & X64Bits.Cr0Pe) == 0
            || (!isVirtual && state.PrivilegeLevel <= (int)((state.Rflags & X64Bits.FlagIopl) >> 12)))
        {
            context.PortAccessIsGranted = true;
            return true;
        }

        if ((system.Tr.Type & WideTask) == 0 || system.Tr.Limit < BitmapPointer + 1)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        if (!TryRead(BitmapPointer, out ulong bitmap))
        {
            return false;
        }

        (ushort port, int size) = PortOf();
        uint offset = (uint)bitmap + (uint)(port / 8);

        if (offset + 1 > system.Tr.Limit)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        if (!TryRead(offset, out ulong bits))
        {
            return false;
        }

        ulong mask = (1UL << size) - 1;
        context.PortAccessIsGranted = ((bits >> (port & 7)) & mask) == 0;
        return context.PortAccessIsGranted || context.FaultWithCode(X64Bits.VectorGp);
    }

    /// <summary>Notes the access of the instruction under way where breakpoints may be on ports.</summary>
    internal void NoteAccess()
    {
        if ((context.State.Cr4 & X64Bits.Cr4De) != 0 && system.Debug.LooksAtIterations)
        {
            (ushort port, int size) = PortOf();
            system.Debug.NotePorts(port, size);
        }
    }

    private bool TryRead(uint offset, out ulong value)
    {
        value = 0;

        if (!space.TryMapTable(system.Tr.Base + offset, 2, AccessKind.Read, out MappedMemory memory))
        {
            return false;
        }

        value = space.Load(memory);
        return !space.IsAbandoned || context.Abandon();
    }

    private (ushort Port, int SizeBytes) PortOf()
    {
        ref Instruction instruction = ref context.Instruction;
        ushort dx = (ushort)context.State.Gpr[Gpr.Rdx];

        switch (instruction.Mnemonic)
        {
            case Mnemonic.In:
                return (instruction.Op1Kind == OpKind.Register ? dx : instruction.Immediate8,
                    RegisterNames.SizeBytes(instruction.Op0Register));
            case Mnemonic.Out:
                return (instruction.Op0Kind == OpKind.Register ? dx : instruction.Immediate8,
                    RegisterNames.SizeBytes(instruction.Op1Register));
            default:
                return (dx, instruction.MemorySize.GetSize());
        }
    }
}
