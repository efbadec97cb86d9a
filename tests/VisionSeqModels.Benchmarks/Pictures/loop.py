"""Decodes, turns, resizes and cuts a folder's JPEG files as ImageFolder does, with Pillow in several processes.

    python3 loop.py FOLDER SIZE PROCESSES

Each line on the standard input starts a round; its seconds are printed. At the end: the peak memory of this process and of each other,
in bytes, as JSON.
"""

import glob
import json
import multiprocessing
import sys
import time

from PIL import Image, ImageOps


def prepare(job):
    path, size = job
    with Image.open(path) as image:
        image = ImageOps.exif_transpose(image.convert("RGB"))
    width, height = image.size
    scaled = (size, size * height // width) if height >= width else (size * width // height, size)
    left, top = round((scaled[0] - size) / 2.0), round((scaled[1] - size) / 2.0)
    return image.resize(scaled, Image.Resampling.BILINEAR).crop((left, top, left + size, top + size)).tobytes()


def peak(_=None):
    time.sleep(0.2)  # so that each process gets one
    # not ru_maxrss: it remembers the process that started this one
    with open("/proc/self/status") as status:
        kilobytes = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return multiprocessing.current_process().pid, 1024 * kilobytes


def main(folder, size, processes):
    jobs = [(path, size) for path in sorted(glob.glob(folder + "/*/*.jpg"))]
    with multiprocessing.Pool(processes) as pool:
        for _ in sys.stdin:
            begin = time.perf_counter()
            images = pool.map(prepare, jobs, chunksize=8)
            print(time.perf_counter() - begin, flush=True)
            assert all(len(image) == 3 * size * size for image in images)
        others = dict(pool.map(peak, range(4 * processes), chunksize=1))
    print(json.dumps([peak()[1], *others.values()]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
