using System.Text;

namespace LinuxGuest;

/// <summary>The files that the guest starts with: busybox, the drivers of virtio, and a script that makes a shell of it.</summary>
internal static class GuestFiles
{
    /// <summary>What the shell prints when it waits for a line.</summary>
    public const string Prompt = "guest# ";

    // The kernel has the drivers of virtio as modules; in the order in which one needs the other.
    private const string Modules = "virtio virtio_ring virtio_mmio virtio_blk virtio_console";

    private const uint ConsoleMajor = 5;
    private const uint ConsoleMinor = 1;

    // The first process may not end: it switches the machine off when the shell has ended.
    private const string Init = $"""
        #!/bin/busybox sh
        /bin/busybox mount -t proc proc /proc
        /bin/busybox mount -t sysfs sys /sys
        /bin/busybox mount -t devtmpfs dev /dev
        /bin/busybox --install -s /bin
        export PATH=/bin HOME=/ PS1='{Prompt}'
        for module in {Modules}; do insmod /$module.ko; done
        setsid cttyhack sh
        poweroff -f

        """;

    /// <summary>Makes the initial RAM disk.</summary>
    /// <param name="images">Folder with busybox, linked statically, and the modules.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="IOException">A file is missing.</exception>
    public static byte[] MakeRamDisk(string images)
    {
        InitialRamDisk disk = new();
        foreach (string folder in (ReadOnlySpan<string>)["bin", "dev", "proc", "sys"])
        {
            disk.AddFolder(folder);
        }

        disk.AddDevice("dev/console", ConsoleMajor, ConsoleMinor);
        disk.AddFile("bin/busybox", File.ReadAllBytes(Path.Combine(images, "busybox")));
        foreach (string module in Modules.Split(' '))
        {
            disk.AddFile($"{module}.ko", File.ReadAllBytes(Path.Combine(images, $"{module}.ko")));
        }

        disk.AddFile("init", Encoding.ASCII.GetBytes(Init));
        return disk.ToArray();
    }
}
