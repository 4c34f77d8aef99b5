using System.Text;

namespace ExampleDevices;

/// <summary>The definitions of a DSDT for the devices of this folder, in ACPI's machine language (ACPI 6.5, chapter 20).</summary>
/// <remarks>All interrupts are edge-triggered, as <see cref="IoApic"/> has them.</remarks>
public sealed class DeviceDefinitions
{
    private const byte NamePrefix = 0x08;
    private const byte BytePrefix = 0x0a;
    private const byte DoubleWordPrefix = 0x0c;
    private const byte StringPrefix = 0x0d;
    private const byte Scope = 0x10;
    private const byte Buffer = 0x11;
    private const byte Package = 0x12;
    private const byte ExtendedPrefix = 0x5b;
    private const byte Device = 0x82;

    // Resource descriptors (section 6.4).
    private const byte PortDescriptor = 0x47;
    private const byte FixedMemoryDescriptor = 0x86;
    private const byte InterruptDescriptor = 0x89;
    private const byte EndTag = 0x79;
    private const byte Decodes16Bits = 1;
    private const byte ReadWrite = 1;
    private const byte EdgeOfConsumer = 0b11;

    private readonly List<byte> devices = [];

    /// <summary>Adds a 16550 serial port.</summary>
    /// <param name="firstPort">Its first port.</param>
    /// <param name="input">Its input of the I/O APIC.</param>
    public void AddSerialPort(ushort firstPort, int input)
    {
        // "PNP0501", three letters of five bits and four digits, as section 19.3.4 packs them.
        byte[] id = [DoubleWordPrefix, 0x41, 0xd0, 0x05, 0x01];
        byte low = (byte)firstPort;
        byte high = (byte)(firstPort >> 8);
        Add("COM1", id, 1, [PortDescriptor, Decodes16Bits, low, high, low, high, 1, Uart16550.PortCount, .. Interrupt(input)]);
    }

    /// <summary>Adds a virtio device whose registers are in memory.</summary>
    /// <param name="number">Its number, 0 to 9.</param>
    /// <param name="gpa">Where its registers lie, below 4 GiB.</param>
    /// <param name="sizeBytes">How many bytes they take.</param>
    /// <param name="input">Its input of the I/O APIC.</param>
    public void AddVirtio(int number, uint gpa, uint sizeBytes, int input)
    {
        byte[] id = [StringPrefix, .. "LNRO0005\0"u8];
        Add(
            $"VIO{number}",
            id,
            (byte)number,
            [
                FixedMemoryDescriptor, 9, 0, ReadWrite, .. BitConverter.GetBytes(gpa), .. BitConverter.GetBytes(sizeBytes),
                .. Interrupt(input),
            ]);
    }

    /// <summary>Gives the definitions: how the machine is switched off, and the devices.</summary>
    public byte[] ToArray() =>
    [
        NamePrefix, .. "_S5_"u8, Package, .. WithLength([2, BytePrefix, SleepControl.PowerOffType, BytePrefix, 0]),
        Scope, .. WithLength([(byte)'\\', .. "_SB_"u8, .. devices]),
    ];

    private void Add(string name, byte[] id, byte number, byte[] resources)
    {
        byte[] descriptors = [.. resources, EndTag, 0];
        byte[] body =
        [
            .. Encoding.ASCII.GetBytes(name),
            NamePrefix, .. "_HID"u8, .. id,
            NamePrefix, .. "_UID"u8, BytePrefix, number,
            NamePrefix, .. "_CRS"u8, Buffer, .. WithLength([BytePrefix, (byte)descriptors.Length, .. descriptors]),
        ];
        devices.AddRange([ExtendedPrefix, Device, .. WithLength(body)]);
    }

    private static byte[] Interrupt(int input) => [InterruptDescriptor, 6, 0, EdgeOfConsumer, 1, .. BitConverter.GetBytes(input)];

    // What a length counts begins with its own bytes: one up to 63, else the count of those that follow, four bits, and eight bits in each.
    private static byte[] WithLength(byte[] body)
    {
        const int LargestOfOneByte = 0x3f;
        if (body.Length + 1 <= LargestOfOneByte)
        {
            return [(byte)(body.Length + 1), .. body];
        }

        int length = body.Length + 3;
        return [(byte)(0x80 | (length & 0xf)), (byte)(length >> 4), (byte)(length >> 12), .. body];
    }
}
