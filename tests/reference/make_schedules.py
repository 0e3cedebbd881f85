"""Writes schedules.json: learning-rate factors of transformers 5.23 and PyTorch 2.13.

Run: python tests/reference/make_schedules.py
"""
import json
from pathlib import Path

import torch
from torch.optim.lr_scheduler import OneCycleLR, ReduceLROnPlateau
from transformers import optimization as hf

STEPS = 40


def factors(make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(optimizer)
    values = []
    for _ in range(STEPS):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if scheduler.last_epoch < getattr(scheduler, "total_steps", STEPS + 9) - 1:
            scheduler.step()
    return values


def plateau(mode, **options):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = ReduceLROnPlateau(optimizer, mode=mode, eps=0, **options)
    scores = [1.0, 0.9, 0.91, 0.9, 0.89999, 0.95, 0.5, 0.6, 0.6, 0.6, 0.6, 0.4, 0.41, 0.42, 0.43]
    if mode == "max":
        scores = [1 - s for s in scores]
    values = []
    for score in scores:
        scheduler.step(score)
        values.append(optimizer.param_groups[0]["lr"])
    return {"scores": scores, "expected": values}


if __name__ == "__main__":
    reference = {
        "constant": factors(lambda o: hf.get_constant_schedule_with_warmup(o, 5)),
        "linear": factors(lambda o: hf.get_linear_schedule_with_warmup(o, 5, 30)),
        "cosine": factors(lambda o: hf.get_cosine_schedule_with_warmup(o, 5, 30)),
        "cosineWithRestarts": factors(
            lambda o: hf.get_cosine_with_hard_restarts_schedule_with_warmup(o, 5, 35, num_cycles=3)
        ),
        "polynomial": factors(
            lambda o: hf.get_polynomial_decay_schedule_with_warmup(o, 5, 30, lr_end=0.1, power=2.0)
        ),
        "inverseSquareRoot": factors(lambda o: hf.get_inverse_sqrt_schedule(o, 5)),
        "oneCycle": factors(lambda o: OneCycleLR(o, max_lr=1.0, total_steps=STEPS, cycle_momentum=False)),
        "plateauMin": plateau("min", factor=0.5, patience=2),
        "plateauMax": plateau("max", factor=0.1, patience=0, min_lr=0.005),
    }
    path = Path(__file__).with_name("schedules.json")
    path.write_text(json.dumps(reference) + "\n", encoding="utf-8")
